// Compiles Main.java, whatever its public class is called, into main.jar, which starts the class that has a main method.
// javac alone insists that a file is named after its public class; the compiler's own interface lets us waive that.
// Arguments: options for the compiler. Exit code 1: the source is wrong, and standard output says why.

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

public class Compile {
  private static final Path SOURCE = Path.of("Main.java");
  private static final Path PROGRAM = Path.of("main.jar");
  private static final String FIRST_CHOICE = "Main";

  // A source that passes for the file of any class.
  private static class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///" + SOURCE), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }

    @Override
    public boolean isNameCompatible(String simpleName, Kind kind) {
      return kind == Kind.SOURCE;
    }
  }

  private static class Bytecode extends SimpleJavaFileObject {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Bytecode(String className) {
      super(URI.create("bytes:///" + fileName(className)), Kind.CLASS);
    }

    @Override
    public OutputStream openOutputStream() {
      return bytes;
    }
  }

  // Keeps what the compiler makes, by the name of the class.
  private static class Classes extends ForwardingJavaFileManager<JavaFileManager> {
    final Map<String, Bytecode> byName = new LinkedHashMap<>();

    Classes(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return byName.computeIfAbsent(name, Bytecode::new);
    }
  }

  private static class Loader extends ClassLoader {
    private final Map<String, Bytecode> classes;

    Loader(Map<String, Bytecode> classes) {
      this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      Bytecode code = classes.get(name);
      if (code == null) throw new ClassNotFoundException(name);
      byte[] bytes = code.bytes.toByteArray();
      return defineClass(name, bytes, 0, bytes.length);
    }
  }

  private static String fileName(String className) {
    return className.replace('.', '/') + ".class";
  }

  private static boolean hasMain(Loader loader, String className) {
    try {
      int modifiers = loader.findClass(className).getDeclaredMethod("main", String[].class).getModifiers();
      return Modifier.isPublic(modifiers) && Modifier.isStatic(modifiers);
    } catch (ReflectiveOperationException | LinkageError none) {
      return false;
    }
  }

  // Main if it has a main method, else the first class that has one; null when none does.
  private static String mainClass(Map<String, Bytecode> classes) {
    String found = null;
    for (String name : classes.keySet()) {
      if (!hasMain(new Loader(classes), name)) continue;
      if (name.equals(FIRST_CHOICE)) return name;
      if (found == null) found = name;
    }
    return found;
  }

  private static void writeProgram(Map<String, Bytecode> classes, String mainClass) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(PROGRAM), manifest)) {
      jar.setLevel(0);  // unpacking would cost each run more than the bytes do
      for (Map.Entry<String, Bytecode> entry : classes.entrySet()) {
        jar.putNextEntry(new JarEntry(fileName(entry.getKey())));
        entry.getValue().bytes.writeTo(jar);
      }
    }
  }

  private static boolean compile(List<String> options, PrintWriter out) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Classes classes = new Classes(compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8));
    Source source = new Source(new String(Files.readAllBytes(SOURCE), StandardCharsets.UTF_8));
    try {
      if (!compiler.getTask(out, classes, null, options, null, List.of(source)).call()) return false;
    } catch (IllegalArgumentException badOption) {
      out.println(badOption.getMessage());
      return false;
    }
    String mainClass = mainClass(classes.byName);
    if (mainClass == null) {
      out.println("error: no class has a method public static void main(String[])");
      return false;
    }
    writeProgram(classes.byName, mainClass);
    return true;
  }

  public static void main(String[] options) throws IOException {
    PrintWriter out = new PrintWriter(System.out);
    boolean compiled = compile(List.of(options), out);
    out.flush();
    System.exit(compiled ? 0 : 1);
  }
}
