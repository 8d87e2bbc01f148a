/** The account secret sealed to one device of the account, docs/keys.md "Sealed to a device". */
import type { AccountId, DeviceId } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import { openAccountSecret, type AccountSecret } from "./account.js"
import { seal, sealingKeyFromSeed, type SealingKey } from "./sealing.js"
import { verify, type SigningKey } from "./signing.js"
import { encode } from "./structure.js"
import { derive } from "./suite.js"

const KEY_LABEL = "lien/v1/device-sealing"
const SECRET_LABEL = "lien/v1/device-secret"

/** From the seed of the device key. */
export async function deviceSealingKey(seed: Uint8Array): Promise<SealingKey> {
  return sealingKeyFromSeed(await derive(seed, "lien/v1/device/sealing"))
}

export function signSealingKey(key: SigningKey, account: AccountId, device: DeviceId, sealingPublic: Uint8Array): Promise<Bytes> {
  return key.sign(KEY_LABEL, encode(account, device, sealingPublic))
}

/** `devicePublic` is the device's key in the chain. Throws BadSeal. */
export function verifySealingKey(
  devicePublic: Uint8Array,
  account: AccountId,
  device: DeviceId,
  sealingPublic: Uint8Array,
  signature: Uint8Array,
): Promise<void> {
  return verify(devicePublic, KEY_LABEL, encode(account, device, sealingPublic), signature)
}

export function sealSecret(
  sealingPublic: Uint8Array,
  secret: Uint8Array,
  account: AccountId,
  device: DeviceId,
  generation: number,
): Promise<Bytes> {
  return seal(sealingPublic, secret, SECRET_LABEL, encode(account, device, generation))
}

/** The inverse; the caller checks the secret against the chain. Throws BadSeal. */
export async function openSecret(
  key: SealingKey,
  box: Uint8Array,
  account: AccountId,
  device: DeviceId,
  generation: number,
): Promise<AccountSecret> {
  return openAccountSecret(await key.open(box, SECRET_LABEL, encode(account, device, generation)))
}
