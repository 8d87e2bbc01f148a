/** The deployment's attestor: one key after the other, each made known by the one before. Mirror of lien.crypto.attestor. */
import { sameBytes, type Bytes } from "../bytes.js"
import { BadSeal, BadSuccession, reading } from "./errors.js"
import { PUBLIC_BYTES, requirePublic, verify } from "./signing.js"
import { Fields } from "./structure.js"

const MAX_ROTATIONS = 64
const MAX_BYTES = 256
const LABEL = "lien/v1/attestor"

/** Every key there was, oldest first; the last one signs. */
export type Attestors = readonly Bytes[]

/** One signed step from a key to the next; the signature is both keys'. */
export type Step = { readonly step: Bytes; readonly signature: Bytes }

/** The keys of a deployment that says its current one and every step that led to it. Throws BadSuccession. */
export async function attestorsFrom(steps: readonly Step[], current: Bytes): Promise<Attestors> {
  if (steps.length > MAX_ROTATIONS) throw new BadSuccession()
  const read = await Promise.all(steps.map(readStep))
  const keys = [read[0]?.before ?? current]
  for (const { number, before, after } of read) {
    const last = keys.at(-1)
    if (number !== keys.length || last === undefined || !sameBytes(before, last)) throw new BadSuccession()
    if (keys.some((key) => sameBytes(key, after))) throw new BadSuccession()
    keys.push(after)
  }
  const last = keys.at(-1)
  if (last === undefined || !sameBytes(last, current)) throw new BadSuccession()
  return keys
}

/** What one of the attestor's keys signed, the current one tried first. Throws BadSeal when none did. */
export async function openBy<Value>(attestors: Attestors, opening: (key: Bytes) => Promise<Value>): Promise<Value> {
  let failure: unknown = new BadSeal()
  for (const key of [...attestors].reverse()) {
    try {
      return await opening(key)
    } catch (error) {
      if (!(error instanceof BadSeal)) throw error
      failure = error
    }
  }
  throw failure
}

/** What is shown now must begin with what was known. Throws BadSuccession. */
export function requireKnown(shown: Attestors, known: Attestors): Attestors {
  const isKnown = known.every((key, place) => {
    const other = shown[place]
    return other !== undefined && sameBytes(key, other)
  })
  if (!isKnown) throw new BadSuccession()
  return shown
}

async function readStep({ step, signature }: Step): Promise<{ number: number; before: Bytes; after: Bytes }> {
  const read = reading(BadSuccession, () => {
    const fields = Fields.decode(step, 5, MAX_BYTES)
    const number = fields.integer(1, MAX_ROTATIONS)
    const [before, after] = [requirePublic(fields.blob(PUBLIC_BYTES)), requirePublic(fields.blob(PUBLIC_BYTES))]
    fields.integer()
    return { number, before, after }
  })
  if (signature.length !== 128) throw new BadSuccession()
  try {
    await verify(read.before, LABEL, step, signature.slice(0, 64))
    await verify(read.after, LABEL, step, signature.slice(64))
  } catch (error) {
    if (error instanceof BadSeal) throw new BadSuccession()
    throw error
  }
  return read
}
