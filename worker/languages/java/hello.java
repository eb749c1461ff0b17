import java.util.Scanner;

public class Greeter {
  public static void main(String[] arguments) {
    System.out.println("hello, " + new Scanner(System.in).next());
  }
}
