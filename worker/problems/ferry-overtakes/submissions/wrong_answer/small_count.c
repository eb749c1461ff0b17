static int count(int* speeds, int* room, int size) {
    if (size < 2) return 0;
    int middle = size / 2, left = 0, right = middle;
    unsigned pairs = (unsigned)count(speeds, room, middle) + (unsigned)count(speeds + middle, room, size - middle);
    for (int at = 0; at < size; ++at) {
        if (right == size || (left < middle && speeds[left] <= speeds[right])) {
            room[at] = speeds[left++];
        } else {
            pairs += (unsigned)(middle - left);
            room[at] = speeds[right++];
        }
    }
    memcpy(speeds, room, (size_t)size * sizeof(int));
    return (int)pairs;
}

long long overtakes(int* speeds, int speedsSize) {
    int* room = malloc((size_t)speedsSize * sizeof(int));
    int pairs = count(speeds, room, speedsSize);
    free(room);
    return pairs;
}
