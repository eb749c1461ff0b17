class CoatCheck {
    private final int hooks;
    private final Deque<String> owners = new ArrayDeque<>();
    private final Deque<Integer> most = new ArrayDeque<>();

    public CoatCheck(int hooks) {
        this.hooks = hooks;
    }

    public boolean hang(String owner, int weight) {
        if (owners.size() == hooks) return false;
        owners.push(owner);
        most.push(Math.max(weight, heaviest()));
        return true;
    }

    public String take() {
        if (owners.isEmpty()) return "";
        most.pop();
        return owners.pop();
    }

    public int heaviest() {
        return most.isEmpty() ? -1 : most.peek();
    }
}
