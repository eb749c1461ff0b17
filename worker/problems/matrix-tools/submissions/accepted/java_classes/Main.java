import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Scanner;

public class Main {
    private static final Map<String, Matrix> DRAWERS = new HashMap<>();

    private static Matrix take(String name) {
        Matrix matrix = DRAWERS.get(name);
        if (matrix == null) {
            throw new NoSuchElementException(name);
        }
        return matrix;
    }

    /** What the command writes; the words of it have been read already, but for the entries of a matrix. */
    private static String run(String command, String x, String y, String z, Scanner in) {
        switch (command) {
            case "set": DRAWERS.put(x, Matrix.read(in)); break;
            case "show": return take(x).toString();
            case "add": DRAWERS.put(x, take(y).plus(take(z))); break;
            case "mul": DRAWERS.put(x, take(y).times(take(z))); break;
            case "flip": DRAWERS.put(x, take(y).flipped()); break;
            default: DRAWERS.put(x, take(y).power(Long.parseLong(z)));
        }
        return "";
    }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        StringBuilder output = new StringBuilder();
        for (int q = in.nextInt(); q > 0; q--) {
            String command = in.next();
            String x = in.next();
            String y = command.equals("set") || command.equals("show") ? "" : in.next();
            String z = y.isEmpty() || command.equals("flip") ? "" : in.next();
            try {
                output.append(run(command, x, y, z, in));
            } catch (NoSuchElementException | SizeException e) {
                output.append("error\n");
            }
        }
        System.out.print(output);
    }
}
