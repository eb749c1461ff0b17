// The React face of the shared socket. Every component that calls it shares one connection per origin, which lives as
// long as any of them is mounted.

import { useSyncExternalStore } from "react";
import { sharedSocket, type Socket, type SocketState } from "./socket";

export interface UseSocket extends SocketState {
  /** Returns false, having done nothing, when the socket is not open. */
  send: Socket["send"];
  /** Stable across renders; call it in an effect and return what it returns. See Socket.subscribe. */
  subscribe: Socket["subscribe"];
}

/**
 * `lastMessage` is for showing: renders are batched, so messages that come together may be seen as one. Whoever needs
 * every message subscribes.
 */
export function useSocket(origin: string = window.location.origin): UseSocket {
  const socket = sharedSocket(origin);
  const state = useSyncExternalStore(socket.watch, socket.state);
  return { ...state, send: socket.send, subscribe: socket.subscribe };
}
