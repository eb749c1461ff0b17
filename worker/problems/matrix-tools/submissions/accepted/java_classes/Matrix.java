import java.util.Scanner;

final class Matrix {
    private static final long P = 1_000_003;

    private final long[][] entries;

    private Matrix(int rows, int columns) {
        entries = new long[rows][columns];
    }

    static Matrix read(Scanner in) {
        Matrix result = new Matrix(in.nextInt(), in.nextInt());
        for (long[] row : result.entries) {
            for (int i = 0; i < row.length; i++) {
                row[i] = in.nextLong();
            }
        }
        return result;
    }

    private int rows() {
        return entries.length;
    }

    private int columns() {
        return entries[0].length;
    }

    Matrix plus(Matrix other) {
        if (rows() != other.rows() || columns() != other.columns()) {
            throw new SizeException();
        }
        Matrix result = new Matrix(rows(), columns());
        for (int i = 0; i < rows(); i++) {
            for (int j = 0; j < columns(); j++) {
                result.entries[i][j] = (entries[i][j] + other.entries[i][j]) % P;
            }
        }
        return result;
    }

    Matrix times(Matrix other) {
        if (columns() != other.rows()) {
            throw new SizeException();
        }
        Matrix result = new Matrix(rows(), other.columns());
        for (int i = 0; i < rows(); i++) {
            for (int j = 0; j < other.columns(); j++) {
                long entry = 0;
                for (int k = 0; k < columns(); k++) {
                    entry += entries[i][k] * other.entries[k][j];
                }
                result.entries[i][j] = entry % P;
            }
        }
        return result;
    }

    Matrix flipped() {
        Matrix result = new Matrix(columns(), rows());
        for (int i = 0; i < rows(); i++) {
            for (int j = 0; j < columns(); j++) {
                result.entries[j][i] = entries[i][j];
            }
        }
        return result;
    }

    Matrix power(long exponent) {
        if (rows() != columns()) {
            throw new SizeException();
        }
        Matrix result = new Matrix(rows(), rows());
        for (int i = 0; i < rows(); i++) {
            result.entries[i][i] = 1;
        }
        Matrix square = this;
        for (long left = exponent; left > 0; left /= 2) {
            if (left % 2 == 1) {
                result = result.times(square);
            }
            square = square.times(square);
        }
        return result;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (long[] row : entries) {
            for (int i = 0; i < row.length; i++) {
                text.append(row[i]).append(i + 1 < row.length ? ' ' : '\n');
            }
        }
        return text.toString();
    }
}
