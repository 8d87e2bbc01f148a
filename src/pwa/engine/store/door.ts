/**
 * How the local key is opened: the only record of this device that can be read without it.
 *
 * The local key is 32 random bytes that open everything else. Before express login it is wrapped by a key of this
 * browser profile that cannot be exported; afterwards only by the outputs of passkeys or by a PIN, and the former is erased.
 */
import { decrypt, derive, encrypt, hash32 } from "../crypto/suite.js"
import { randomBytes, sameBytes, utf8, type Bytes } from "../bytes.js"
import type { Database, Write } from "./database.js"
import type { PinWrap } from "./pinDoor.js"

type DeviceWrap = { readonly key: CryptoKey; readonly nonce: Bytes; readonly box: Bytes }
type PasskeyWrap = { readonly passkey: Uint8Array; readonly box: Uint8Array }

export type Door = {
  readonly id: "door"
  readonly deviceWrap: DeviceWrap | null
  readonly passkeyWraps: readonly PasskeyWrap[]
  readonly pinWrap?: PinWrap | null
  /** The person locked it, or their session ended: a new sign-in comes first, even where the device could open it. */
  readonly isShut: boolean
}

const LABEL = "lien/v1/local-key"

export async function readDoor(database: Database): Promise<Door | null> {
  return database.get<Door>("door", "door")
}

export function doorWrite(door: Door): Write {
  return { store: "door", put: door }
}

export const hasPasskey = (door: Door): boolean => door.passkeyWraps.length > 0

export const pinWrapOf = (door: Door): PinWrap | null => door.pinWrap ?? null

/** A door for a new local key, opened by this browser profile. */
export async function makeDoor(localKey: Bytes): Promise<Door> {
  return { id: "door", deviceWrap: await wrapByDevice(localKey), passkeyWraps: [], isShut: false }
}

async function wrapByDevice(localKey: Bytes): Promise<DeviceWrap> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"])
  const nonce = randomBytes(12)
  const box = new Uint8Array(await crypto.subtle.encrypt(algorithm(nonce), key, localKey))
  return { key, nonce, box }
}

function algorithm(nonce: Bytes): AesGcmParams {
  return { name: "AES-GCM", iv: nonce, additionalData: utf8(LABEL) }
}

/** The local key if this browser profile alone opens it, or null. */
export async function openByDevice(door: Door): Promise<Bytes | null> {
  if (door.deviceWrap === null) return null
  const { key, nonce, box } = door.deviceWrap
  return new Uint8Array(await crypto.subtle.decrypt(algorithm(nonce), key, box))
}

/** From now on a passkey opens the door, and this browser profile alone no longer does. `prf` is erased. */
export async function addPasskey(door: Door, passkey: string, prf: Bytes, localKey: Bytes): Promise<Door> {
  const name = await passkeyName(passkey)
  const wrapped = encrypt(await wrapKey(prf, name), localKey, name)
  prf.fill(0)
  const others = door.passkeyWraps.filter((wrap) => !sameBytes(wrap.passkey, name))
  return { ...door, deviceWrap: null, passkeyWraps: [...others, { passkey: name, box: wrapped }] }
}

/** From now on the PIN opens the door, and this browser profile alone no longer does. */
export const setPin = (door: Door, pinWrap: PinWrap): Door => ({ ...door, deviceWrap: null, pinWrap })

export async function removePasskey(door: Door, passkey: string, localKey: Bytes): Promise<Door> {
  const name = await passkeyName(passkey)
  return openable({ ...door, passkeyWraps: door.passkeyWraps.filter((wrap) => !sameBytes(wrap.passkey, name)) }, localKey)
}

export const removePin = (door: Door, localKey: Bytes): Promise<Door> => openable({ ...door, pinWrap: null }, localKey)

/** Without a passkey or a PIN the door is opened by this browser profile again: the person is never locked out. */
async function openable(door: Door, localKey: Bytes): Promise<Door> {
  if (hasPasskey(door) || pinWrapOf(door) !== null || door.deviceWrap !== null) return door
  return { ...door, deviceWrap: await wrapByDevice(localKey) }
}

/** The local key by a passkey's output, or null when this passkey was never turned on here. */
export async function openByPasskey(door: Door, passkey: string, prf: Bytes): Promise<Bytes | null> {
  const name = await passkeyName(passkey)
  const wrap = door.passkeyWraps.find((candidate) => sameBytes(candidate.passkey, name))
  return wrap === undefined ? null : decrypt(await wrapKey(prf, name), wrap.box, name)
}

/** What is stored is a digest: the passkey's id is known to the server and would tell whose phone this is. */
function passkeyName(passkey: string): Promise<Bytes> {
  return hash32(utf8(`${LABEL}\0${passkey}`))
}

function wrapKey(prf: Bytes, name: Bytes): Promise<Bytes> {
  return derive(prf, LABEL, name)
}

export const newLocalKey = (): Bytes => randomBytes(32)
