import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StreamTokenizer;
import java.util.Arrays;
import java.util.PriorityQueue;

public class Main {
    private record Place(int worst, int row, int column) {}

    private static final int[][] DIRECTIONS = {{0, 1}, {1, 0}, {0, -1}, {-1, 0}};

    private static int number(StreamTokenizer in) throws IOException {
        in.nextToken();
        return (int) in.nval;
    }

    public static void main(String[] args) throws IOException {
        StreamTokenizer in = new StreamTokenizer(new BufferedReader(new InputStreamReader(System.in)));
        int rows = number(in);
        int columns = number(in);
        int[][] height = new int[rows][columns];
        for (int[] row : height) {
            for (int i = 0; i < columns; i++) {
                row[i] = number(in);
            }
        }
        int[][] best = new int[rows][columns];
        for (int[] row : best) {
            Arrays.fill(row, Integer.MAX_VALUE);
        }
        best[0][0] = 0;
        PriorityQueue<Place> queue = new PriorityQueue<>((a, b) -> Integer.compare(a.worst(), b.worst()));
        queue.add(new Place(0, 0, 0));
        while (!queue.isEmpty()) {
            Place place = queue.remove();
            if (place.worst() > best[place.row()][place.column()]) {
                continue;
            }
            for (int[] direction : DIRECTIONS) {
                int row = place.row() + direction[0];
                int column = place.column() + direction[1];
                if (row < 0 || row >= rows || column < 0 || column >= columns) {
                    continue;
                }
                int step = Math.abs(height[row][column] - height[place.row()][place.column()]);
                int worst = Math.max(place.worst(), step);
                if (worst < best[row][column]) {
                    best[row][column] = worst;
                    queue.add(new Place(worst, row, column));
                }
            }
        }
        System.out.println(best[rows - 1][columns - 1]);
    }
}
