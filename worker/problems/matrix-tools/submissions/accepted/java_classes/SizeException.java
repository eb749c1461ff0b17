final class SizeException extends RuntimeException {
    private static final long serialVersionUID = 1;
}
