// expect: memory_limit | memory_mb=200 processes=80
// Memory beside the heap of the virtual machine.
const kept = [];
for (;;) kept.push(Buffer.alloc(8 << 20, 1));
