// expect: exited 0 | processes=80 memory_mb=512
// What a Java program could try: files, processes, the network, the machine around it.
import java.io.*;
import java.net.*;
import java.nio.file.*;

public class Escape {
  interface Attempt {
    void run() throws Exception;
  }

  static boolean open = false;

  static void mustFail(String what, Attempt attempt) {
    try {
      attempt.run();
      System.out.println("OPEN: " + what);
      open = true;
    } catch (Throwable expected) {
    }
  }

  public static void main(String[] arguments) throws Exception {
    String canary = System.getenv("CANARY");
    int port = Integer.parseInt(System.getenv("LISTENER_PORT"));
    mustFail("canary", () -> Files.readAllBytes(Path.of(canary)));
    mustFail("shadow", () -> Files.readAllBytes(Path.of("/etc/shadow")));
    mustFail("pid 1", () -> Files.readAllBytes(Path.of("/proc/1/environ")));
    mustFail("write to /usr", () -> Files.writeString(Path.of("/usr/bin/x"), "x"));
    mustFail("loopback", () -> new Socket("127.0.0.1", port).close());
    mustFail("network", () -> {
      Socket socket = new Socket();
      socket.connect(new InetSocketAddress("169.254.169.254", 80), 200);
    });
    mustFail("names", () -> InetAddress.getByName("deb.debian.org"));
    mustFail("su", () -> {
      Process process = new ProcessBuilder("/usr/bin/unshare", "-Ur", "/usr/bin/id").start();
      if (process.waitFor() != 0) throw new IOException();
    });
    Process shell = new ProcessBuilder("/bin/sh", "-c", "grep -c 'CapEff:.0000000000000000' /proc/self/status").start();
    if (shell.waitFor() != 0) open = true;
    System.exit(open ? 1 : 0);
  }
}
