/** Proof that a device holds its key, so that a stolen cookie alone opens nothing. */
import type { DeviceId } from "../../bridge/models.js"
import { type Bytes, utf8 } from "../bytes.js"
import { join } from "./msgpack.js"
import type { SigningKey } from "./signing.js"
import { hash32 } from "./suite.js"

/** To enrol or to re-enter; the nonce comes from the server's answer that began it. */
export function proveEnrol(key: SigningKey, nonce: Uint8Array, device: DeviceId): Promise<Bytes> {
  return key.sign("lien/v1/enrol", join([nonce, utf8(device)]))
}

/** To open the socket; the nonce comes from the Challenge. */
export function proveHello(key: SigningKey, nonce: Uint8Array, session: string, origin: string): Promise<Bytes> {
  return key.sign("lien/v1/hello", join([nonce, utf8(`${session}\0${origin}`)]))
}

/** For an HTTP request; `path` is as sent, with its query. */
export async function proveRequest(
  key: SigningKey,
  request: {
    readonly session: string
    readonly method: string
    readonly path: string
    readonly atMs: number
    readonly body: Uint8Array
  },
): Promise<Bytes> {
  const digest = Array.from(await hash32(request.body), (byte) => byte.toString(16).padStart(2, "0")).join("")
  const { session, method, path, atMs } = request
  return key.sign("lien/v1/request", utf8([session, method, path, String(atMs), digest].join("\n")))
}
