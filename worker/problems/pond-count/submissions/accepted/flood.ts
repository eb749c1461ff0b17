function ponds(meadow: string[][]): number {
    const dry = (i: number, j: number): boolean => {
        if (meadow[i]?.[j] !== "w") return false;
        meadow[i][j] = ".";
        dry(i + 1, j);
        dry(i - 1, j);
        dry(i, j + 1);
        dry(i, j - 1);
        return true;
    };
    let count = 0;
    meadow.forEach((row, i) => row.forEach((_, j) => { if (dry(i, j)) count++; }));
    return count;
}
