// What programs use of Node.js, without its types: the compiler comes without them.

declare var require: any;
declare var module: any;
declare var __filename: string;
declare var __dirname: string;
declare var process: any;
declare var Buffer: any;
declare var performance: any;
declare var console: {
  log(...values: any[]): void;
  error(...values: any[]): void;
  warn(...values: any[]): void;
  info(...values: any[]): void;
  debug(...values: any[]): void;
  table(...values: any[]): void;
};

declare function setTimeout(callback: (...values: any[]) => void, ms?: number, ...values: any[]): any;
declare function setInterval(callback: (...values: any[]) => void, ms?: number, ...values: any[]): any;
declare function setImmediate(callback: (...values: any[]) => void, ...values: any[]): any;
declare function clearTimeout(timer: any): void;
declare function clearInterval(timer: any): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;

declare module 'assert';
declare module 'buffer';
declare module 'crypto';
declare module 'events';
declare module 'fs';
declare module 'fs/promises';
declare module 'os';
declare module 'path';
declare module 'process';
declare module 'readline';
declare module 'readline/promises';
declare module 'stream';
declare module 'string_decoder';
declare module 'timers/promises';
declare module 'util';
declare module 'worker_threads';
declare module 'node:*';
