char* ribbonCode(char* beads) {
    size_t length = strlen(beads);
    char* written = malloc(2 * length + 16);
    size_t at = 0;
    for (size_t begin = 0; begin < length;) {
        size_t end = begin;
        while (end < length && beads[end] == beads[begin]) ++end;
        written[at++] = beads[begin];
        if (end - begin > 1) at += (size_t)sprintf(written + at, "%zu", end - begin);
        begin = end;
    }
    written[at] = '\0';
    return written;
}
