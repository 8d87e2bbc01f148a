/** A passkey in software, with PRF: what a phone's fingerprint reader does, without the finger. */
import { createHash, createHmac, createSign, generateKeyPairSync, randomBytes } from "node:crypto"
import type { PrfOutputs, PrfSalts, WebAuthnJson } from "../bridge/commands.js"

/** User present and verified; and, when it is created, with the key attached (WebAuthn L3, 6.1). */
const SEEN = 0x05
const ATTACHED = 0x40

const text = (value: Uint8Array): string => Buffer.from(value).toString("base64url")

export class Passkey {
  readonly id = randomBytes(32)
  private readonly secret = randomBytes(32)
  private readonly keys = generateKeyPairSync("ec", { namedCurve: "P-256" })
  private userHandle = ""

  constructor(private readonly origin: string) {}

  create(options: WebAuthnJson): WebAuthnJson {
    const { rp, user, challenge } = options as { rp: { id: string }; user: { id: string }; challenge: string }
    this.userHandle = user.id
    const attached = Buffer.concat([Buffer.alloc(16), Buffer.from([0, 32]), this.id, this.publicKey()])
    const data = this.authenticatorData(rp.id, SEEN | ATTACHED, attached)
    // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}.
    const before = Buffer.from("a363666d74646e6f6e656761747453746d74a0686175746844617461", "hex")
    const object = Buffer.concat([before, Buffer.from([0x59, data.length >> 8, data.length & 0xff]), data])
    return this.answer({
      clientDataJSON: text(this.clientData("webauthn.create", challenge)),
      attestationObject: text(object),
      transports: ["internal"],
    })
  }

  get(options: WebAuthnJson): WebAuthnJson {
    const { rpId, challenge } = options as { rpId: string; challenge: string }
    const client = this.clientData("webauthn.get", challenge)
    const data = this.authenticatorData(rpId, SEEN)
    const signed = Buffer.concat([data, createHash("sha256").update(client).digest()])
    return this.answer({
      clientDataJSON: text(client),
      authenticatorData: text(data),
      signature: text(createSign("sha256").update(signed).sign(this.keys.privateKey)),
      userHandle: this.userHandle,
    })
  }

  /** WebAuthn L3, 10.1.4. */
  prf(salts: PrfSalts): NonNullable<PrfOutputs> {
    const output = (salt: ArrayBuffer): ArrayBuffer => {
      const hashed = createHash("sha256").update("WebAuthn PRF\0").update(new Uint8Array(salt)).digest()
      return new Uint8Array(createHmac("sha256", this.secret).update(hashed).digest()).buffer
    }
    return { local: output(salts.first), vault: output(salts.second) }
  }

  /** COSE: {kty: EC2, alg: ES256, crv: P-256, x, y}. */
  private publicKey(): Buffer {
    const { x = "", y = "" } = this.keys.publicKey.export({ format: "jwk" })
    const [before, between] = [Buffer.from("a5010203262001215820", "hex"), Buffer.from("225820", "hex")]
    return Buffer.concat([before, Buffer.from(x, "base64url"), between, Buffer.from(y, "base64url")])
  }

  private clientData(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }))
  }

  private authenticatorData(rpId: string, flags: number, attached = Buffer.alloc(0)): Buffer {
    const site = createHash("sha256").update(rpId).digest()
    return Buffer.concat([site, Buffer.from([flags]), Buffer.alloc(4), attached])
  }

  private answer(response: WebAuthnJson): WebAuthnJson {
    const id = text(this.id)
    return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response }
  }
}
