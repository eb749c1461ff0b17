using System; using System.Collections; using System.Collections.Generic; using System.Linq; using System.Numerics; using System.Text; using System.Text.RegularExpressions; {{solution}}

{{#uses_list_node}}
public class ListNode {
  public int val;
  public ListNode next;
  public ListNode(int val = 0, ListNode next = null) {
    this.val = val;
    this.next = next;
  }
}
{{/uses_list_node}}
{{#uses_tree_node}}
public class TreeNode {
  public int val;
  public TreeNode left;
  public TreeNode right;
  public TreeNode(int val = 0, TreeNode left = null, TreeNode right = null) {
    this.val = val;
    this.left = left;
    this.right = right;
  }
}
{{/uses_tree_node}}

namespace PushjudgeHarness {
  using System.Globalization;
  using System.IO;
  using System.Reflection;
  using System.Runtime.ExceptionServices;
  using System.Runtime.InteropServices;
  using System.Threading;

  // Takes the arguments apart: JSON that is known to be right, into whatever type the solution asks for.
  class Reader {
    readonly string text;
    int at;

    public Reader(string text) {
      this.text = text;
    }

    char Peek() {
      while (text[at] == ' ') at++;
      return text[at];
    }

    bool Take(char wanted) {
      if (Peek() != wanted) return false;
      at++;
      return true;
    }

    // Of an array: whether there is one more element, which is then to be read. `first` is true to begin with.
    public bool More(ref bool first) {
      if (first) {
        first = false;
        at++;
        return !Take(']');
      }
      if (Take(']')) return false;
      at++;
      return true;
    }

    bool TakeNull() {
      if (Peek() != 'n') return false;
      at += 4;
      return true;
    }

    long ReadInteger() {
      bool negative = Take('-');
      long value = 0;
      while (at < text.Length && text[at] >= '0' && text[at] <= '9') value = value * 10 - (text[at++] - '0');
      return negative ? value : -value;
    }

    double ReadDouble() {
      if (Peek() == '"') {
        switch (ReadString()) {
          case "Infinity": return double.PositiveInfinity;
          case "-Infinity": return double.NegativeInfinity;
          default: return double.NaN;
        }
      }
      int begin = at;
      while (at < text.Length && "+-.eE0123456789".IndexOf(text[at]) >= 0) at++;
      return double.Parse(text.Substring(begin, at - begin), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    public string ReadString() {
      Take('"');
      int end = at;
      while (text[end] != '"' && text[end] != '\\') end++;
      if (text[end] == '"') {
        string plain = text.Substring(at, end - at);
        at = end + 1;
        return plain;
      }
      var made = new StringBuilder();
      for (;;) {
        char c = text[at++];
        if (c == '"') return made.ToString();
        if (c != '\\') {
          made.Append(c);
          continue;
        }
        c = text[at++];
        int known = "bfnrt".IndexOf(c);
        if (known >= 0) {
          made.Append("\b\f\n\r\t"[known]);
        } else if (c == 'u') {
          made.Append((char)int.Parse(text.Substring(at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
          at += 4;
        } else {
          made.Append(c);
        }
      }
    }

    List<int> ReadIntegers() {
      var made = new List<int>();
      for (bool first = true; More(ref first);) made.Add((int)ReadInteger());
      return made;
    }

    object ReadScalar(Type type) {
      if (type == typeof(int)) return (int)ReadInteger();
      if (type == typeof(long)) return ReadInteger();
      if (type == typeof(double)) return ReadDouble();
      if (type == typeof(string)) return ReadString();
      if (type == typeof(char)) return ReadString()[0];
      if (type == typeof(bool)) {
        bool value = Peek() == 't';
        at += value ? 4 : 5;
        return value;
      }
{{#uses_list_node}}
      if (type == typeof(ListNode)) return ReadList();
{{/uses_list_node}}
{{#uses_tree_node}}
      if (type == typeof(TreeNode)) return ReadTree();
{{/uses_tree_node}}
      throw new NotSupportedException("an argument of type " + type);
    }

    public object Read(Type type) {
      bool array = type.IsArray;
      if (!array && !type.IsGenericType) return ReadScalar(type);
      var element = array ? type.GetElementType() : type.GetGenericArguments()[0];
      if (element == typeof(int)) {
        var integers = ReadIntegers();
        return array ? (object)integers.ToArray() : integers;
      }
      var made = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element));
      for (bool first = true; More(ref first);) made.Add(Read(element));
      if (!array) return made;
      var copy = Array.CreateInstance(element, made.Count);
      made.CopyTo(copy, 0);
      return copy;
    }
{{#uses_list_node}}

    ListNode ReadList() {
      if (TakeNull()) return null;
      var before = new ListNode();
      var last = before;
      foreach (int value in ReadIntegers()) last = last.next = new ListNode(value);
      return before.next;
    }
{{/uses_list_node}}
{{#uses_tree_node}}

    TreeNode ReadTree() {
      if (TakeNull()) return null;
      TreeNode root = null;
      var parents = new Queue<TreeNode>();
      bool left = true;
      for (bool first = true; More(ref first); left = !left) {
        var node = TakeNull() ? null : new TreeNode((int)ReadInteger());
        if (node != null) parents.Enqueue(node);
        if (root == null) {
          root = node;
          left = false;
        } else if (left) {
          parents.Peek().left = node;
        } else {
          parents.Dequeue().right = node;
        }
      }
      return root;
    }
{{/uses_tree_node}}
  }

  // Writes an answer as JSON.
  class Writer {
    const int NodesMax = 10000000;  // more is taken for a circle

    readonly StringBuilder text = new StringBuilder();

    public override string ToString() {
      return text.ToString();
    }

    void Quote(string value) {
      text.Append('"');
      foreach (char c in value) {
        if (c == '"' || c == '\\') text.Append('\\').Append(c);
        else if (c < ' ') text.Append("\\u").Append(((int)c).ToString("x4"));
        else text.Append(c);
      }
      text.Append('"');
    }

    void WriteDouble(double value) {
      if (double.IsNaN(value)) text.Append("\"NaN\"");
      else if (double.IsInfinity(value)) text.Append(value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
      else text.Append(value.ToString("R", CultureInfo.InvariantCulture));
    }

    // `type` as declared: of null it alone tells what is meant.
    public void Write(Type type, object value) {
{{#uses_list_node}}
      if (type == typeof(ListNode)) {
        WriteList((ListNode)value);
        return;
      }
{{/uses_list_node}}
{{#uses_tree_node}}
      if (type == typeof(TreeNode)) {
        WriteTree((TreeNode)value);
        return;
      }
{{/uses_tree_node}}
      if (value == null) text.Append("null");
      else if (value is string) Quote((string)value);
      else if (value is char) Quote(value.ToString());
      else if (value is bool) text.Append((bool)value ? "true" : "false");
      else if (value is double) WriteDouble((double)value);
      else if (value is int) text.Append((int)value);
      else if (value is long) text.Append((long)value);
      else if (value is IEnumerable) WriteAll(type, (IEnumerable)value);
      else throw new NotSupportedException("an answer of type " + value.GetType());
    }

    public void Open() {
      text.Append('[');
    }

    public void Element(Type type, object value) {
      Write(type, value);
      text.Append(',');
    }

    void WriteAll(Type type, IEnumerable values) {
      var element = type.IsArray ? type.GetElementType() : type.GetGenericArguments()[0];
      Open();
      if (values is int[]) {
        foreach (int value in (int[])values) text.Append(value).Append(',');
      } else {
        foreach (object value in values) Element(element, value);
      }
      Close();
    }

    // In the place of the last comma, if there is one.
    public void Close() {
      if (text[text.Length - 1] == ',') text.Length--;
      text.Append(']');
    }

    static void Count(ref int nodes) {
      if (++nodes > NodesMax) throw new InvalidOperationException("The answer has a cycle");
    }
{{#uses_list_node}}

    void WriteList(ListNode node) {
      text.Append('[');
      for (int nodes = 0; node != null; node = node.next) {
        Count(ref nodes);
        text.Append(node.val).Append(',');
      }
      Close();
    }
{{/uses_list_node}}
{{#uses_tree_node}}

    void WriteTree(TreeNode root) {
      text.Append('[');
      int nodes = 0, end = text.Length;
      var level = new Queue<TreeNode>();
      level.Enqueue(root);
      while (level.Count > 0) {
        var node = level.Dequeue();
        if (node == null) {
          text.Append("null,");
          continue;
        }
        Count(ref nodes);
        text.Append(node.val).Append(',');
        end = text.Length;
        level.Enqueue(node.left);
        level.Enqueue(node.right);
      }
      text.Length = end;
      Close();
    }
{{/uses_tree_node}}
  }

  static class Harness {
    const string ClassName = "{{#is_class}}{{class_name}}{{/is_class}}{{^is_class}}Solution{{/is_class}}";
    const int StackBytes = 256 << 20;
    const int ThreadCpuClock = 3;

    [StructLayout(LayoutKind.Sequential)]
    struct Timespec {
      public IntPtr seconds, nanoseconds;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    static extern int ClockGetTime(int clock, out Timespec time);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    static extern IntPtr WriteTo(int fd, byte[] bytes, IntPtr size);

    static long Microseconds() {
      Timespec now;
      ClockGetTime(ThreadCpuClock, out now);
      return now.seconds.ToInt64() * 1000000 + now.nanoseconds.ToInt64() / 1000;
    }

    static void Report(string line) {
      var bytes = Encoding.UTF8.GetBytes(line);
      while (bytes.Length > 0) {
        int written = WriteTo(3, bytes, new IntPtr(bytes.Length)).ToInt32();
        if (written < 0) Environment.Exit(1);
        if (written == bytes.Length) return;
        bytes = bytes.Skip(written).ToArray();
      }
    }

    static object Invoke(MethodBase method, object of, object[] arguments) {
      try {
        var constructor = method as ConstructorInfo;
        return constructor != null ? constructor.Invoke(arguments) : method.Invoke(of, arguments);
      } catch (TargetInvocationException wrapped) {
        // As if nothing were in between.
        ExceptionDispatchInfo.Capture(wrapped.InnerException).Throw();
        throw;
      }
    }

    const BindingFlags Any =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    static MethodInfo Find(Type type, string name, int arity) {
      var found = type.GetMethods(Any)
                      .Where(m => m.Name == name && m.GetParameters().Length == arity)
                      .OrderBy(m => m.IsPublic ? 0 : 1)
                      .FirstOrDefault();
      if (found != null) return found;
      throw new MissingMethodException(type.Name + " has no method " + name + " with " + arity + " parameters");
    }

    static ConstructorInfo Constructor(Type type, int arity) {
      var found = type.GetConstructors(Any & ~BindingFlags.Static)
                      .FirstOrDefault(c => c.GetParameters().Length == arity);
      if (found != null) return found;
      throw new MissingMethodException(type.Name + " has no constructor with " + arity + " parameters");
    }
{{#is_function}}

    // A test: a line for each argument.
    const int LinesPerTest = {{arity}};

    static long Run(Type type, string[] lines, int begin, Writer answer) {
      var method = Find(type, "{{pascal}}", {{arity}});
      var parameters = method.GetParameters();
      var arguments = parameters.Select((p, i) => new Reader(lines[begin + i]).Read(p.ParameterType)).ToArray();
      var solution = Invoke(Constructor(type, 0), null, new object[0]);
      long start = Microseconds();
      var returned = Invoke(method, solution, arguments);
      long took = Microseconds() - start;
{{#output}}
      answer.Write(parameters[{{index}}].ParameterType, arguments[{{index}}]);
{{/output}}
{{^output}}
      answer.Write(method.ReturnType, returned);
{{/output}}
      return took;
    }
{{/is_function}}
{{#is_class}}

    // A test: what is called, the constructor first, and the arguments of each call.
    const int LinesPerTest = 2;

    static readonly Dictionary<string, MethodInfo> Methods = new Dictionary<string, MethodInfo>();

    static void FindMethods(Type type) {
{{#methods}}
      Methods["{{raw}}"] = Find(type, "{{pascal}}", {{arity}});
{{/methods}}
    }

    static long Run(Type type, string[] lines, int begin, Writer answer) {
      if (Methods.Count == 0) FindMethods(type);
      var names = (string[])new Reader(lines[begin]).Read(typeof(string[]));
      var calls = new Reader(lines[begin + 1]);
      object solution = null;
      long took = 0;
      bool firstCall = true;
      answer.Open();
      for (int i = 0; calls.More(ref firstCall); i++) {
        MethodBase method = i == 0 ? Constructor(type, {{#constructor}}{{arity}}{{/constructor}}) : (MethodBase)Methods[names[i]];
        var arguments = new List<object>();
        bool first = true;
        while (calls.More(ref first)) arguments.Add(calls.Read(method.GetParameters()[arguments.Count].ParameterType));
        long start = Microseconds();
        var returned = Invoke(method, solution, arguments.ToArray());
        took += Microseconds() - start;
        if (i == 0) solution = returned;
        answer.Element(i == 0 ? typeof(void) : ((MethodInfo)method).ReturnType, i == 0 ? null : returned);
      }
      answer.Close();
      return took;
    }
{{/is_class}}

    static void RunAll(string nonce, string[] lines, TextWriter output) {
      var type = Assembly.GetExecutingAssembly().GetTypes().FirstOrDefault(t => t.Name == ClassName);
      if (type == null) throw new TypeLoadException("There is no class " + ClassName);
      for (int at = 0; at + LinesPerTest <= lines.Length; at += LinesPerTest) {
        var answer = new Writer();
        long took = Run(type, lines, at, answer);
        Console.Out.Flush();
        output.Write(nonce + "\n");
        output.Flush();
        Report(nonce + " " + took + " " + answer + "\n");
      }
    }

    static void Main(string[] arguments) {
      var utf8 = new UTF8Encoding(false);
      var output = new StreamWriter(Console.OpenStandardOutput(), utf8, 1 << 16);
      Console.SetOut(output);
      AppDomain.CurrentDomain.ProcessExit += (sender, what) => output.Flush();
      AppDomain.CurrentDomain.UnhandledException += (sender, what) => output.Flush();
      var lines = new List<string>();
      using (var input = new StreamReader(Console.OpenStandardInput(), utf8, false, 1 << 16)) {
        for (string line; (line = input.ReadLine()) != null;) lines.Add(line);
      }
      var thread = new Thread(() => RunAll(arguments[0], lines.ToArray(), output), StackBytes);
      thread.Start();
      thread.Join();
    }
  }
}
