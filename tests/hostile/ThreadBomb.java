// expect: time_limit, wall_limit, exited 1, exited 134, signaled 6, memory_limit | processes=60 memory_mb=512 cpu_ms=4000 wall_ms=8000
// Threads for ever.
public class ThreadBomb {
  public static void main(String[] arguments) {
    for (;;) {
      Thread thread = new Thread(() -> {
        for (;;) {
          try {
            Thread.sleep(1000);
          } catch (InterruptedException expected) {
          }
        }
      });
      thread.start();
    }
  }
}
