import { types } from "node:util";

/**
 * Jest runs tests in a realm of their own, where Node's errors are no `instanceof Error`; basic-ftp asks just that of what its
 * socket reports. Import this first where real sockets may fail.
 */
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    if (this === Error) return types.isNativeError(value);
    return Reflect.apply(Function.prototype[Symbol.hasInstance], this, [value]);
  },
});
