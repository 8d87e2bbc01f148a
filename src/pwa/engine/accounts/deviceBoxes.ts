/**
 * The account's newest secret, from one own device to the others: sealed to each, so that a rotation made on one of them
 * locks out none. The server's word on whose key is whose is not believed: the chain's is.
 */
import type { DeviceId } from "../../bridge/models.js"
import { sameBytes, toBase64, type Bytes } from "../bytes.js"
import type { ChainState } from "../crypto/chain.js"
import { openSecret, sealSecret, signSealingKey, verifySealingKey } from "../crypto/device.js"
import type { SealingKey } from "../crypto/sealing.js"
import type { Http } from "../http.js"
import { asObject, bytesIn, listIn, numberIn, optional, textIn, type Json } from "../json.js"
import type { Keyring } from "./keyring.js"
import { secretOf, type Secret } from "./self.js"

type Key = { readonly device: DeviceId; readonly sealingPublic: Bytes; readonly signature: Bytes; readonly generation: number }

export class DeviceBoxes {
  constructor(
    private readonly http: Http,
    private readonly keyring: Keyring,
    private readonly sealing: SealingKey,
  ) {}

  /** The current secret if another device sealed it to this one; null otherwise, and for one that the chain does not know. */
  async read(state: ChainState): Promise<Secret | null> {
    const { account, device } = this.keyring.self
    const json = await this.http.signed("GET", "/api/devices/box")
    const [generation, box] = [numberIn(json, "generation"), optional(json, "sealed", bytesIn)]
    if (box === null || generation !== state.generation) return null
    try {
      const opened = await openSecret(this.sealing, box, account, device, generation)
      const expected = state.signingPublics.get(generation)
      if (expected === undefined || !sameBytes(expected, opened.signing.public)) return null
      return { generation, secret: opened.bytes }
    } catch {
      return null
    }
  }

  /** Make this device's key known, and seal the current secret to the devices that have not got it. */
  async share(state: ChainState): Promise<void> {
    const { account, device } = this.keyring.self
    const secret = secretOf(this.keyring.self, state.generation)
    if (state.devices.size < 2) return
    const keys = listIn(await this.http.signed("GET", "/api/devices/keys"), "keys").map((item) => keyIn(asObject(item)))
    if (!keys.some((key) => key.device === device)) await this.publish()
    if (secret === null) return
    const boxes: Json[] = []
    for (const key of keys) {
      if (key.device === device || key.generation >= state.generation || !(await this.isOfDevice(key, state))) continue
      const sealed = toBase64(await sealSecret(key.sealingPublic, secret, account, key.device, state.generation))
      boxes.push({ device: key.device, generation: state.generation, sealed })
    }
    if (boxes.length > 0) await this.http.signed("POST", "/api/devices/boxes", { boxes })
  }

  private async publish(): Promise<void> {
    const { account, device } = this.keyring.self
    const signature = await signSealingKey(this.keyring.deviceKey, account, device, this.sealing.public)
    const body = { sealing_public: toBase64(this.sealing.public), signature: toBase64(signature) }
    await this.http.signed("PUT", "/api/devices/keys", body)
  }

  private async isOfDevice({ device, sealingPublic, signature }: Key, state: ChainState): Promise<boolean> {
    const devicePublic = state.devices.get(device)
    if (devicePublic === undefined) return false
    return verifySealingKey(devicePublic, this.keyring.account, device, sealingPublic, signature).then(
      () => true,
      () => false,
    )
  }
}

function keyIn(json: Json): Key {
  return {
    device: textIn(json, "device") as DeviceId,
    sealingPublic: bytesIn(json, "sealing_public"),
    signature: bytesIn(json, "signature"),
    generation: numberIn(json, "generation"),
  }
}
