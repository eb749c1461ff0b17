class Solution {
    public List<List<String>> share(String[] names) {
        Map<String, List<String>> huts = new HashMap<>();
        for (String name : names) {
            char[] letters = name.toCharArray();
            Arrays.sort(letters);
            huts.computeIfAbsent(new String(letters), any -> new ArrayList<>()).add(name);
        }
        return new ArrayList<>(huts.values());
    }
}
