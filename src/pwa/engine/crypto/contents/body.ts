/** The body of a content: a map whose fields are each asked for by name, type and bounds. */
import type { AccountId } from "../../../bridge/models.js"
import type { Bytes } from "../../bytes.js"
import { Malformed } from "../errors.js"
import type { Value, ValueMap } from "../msgpack.js"
import { Fields } from "../structure.js"

/** The body has a field that this version does not know: its author's program is newer. */
export class Newer extends Error {}

/** Each field is taken once; an optional one is there with its value or not at all. Every method throws Malformed. */
export class Body {
  private readonly values: Map<string, Value>

  constructor(values: ValueMap) {
    this.values = new Map(Object.entries(values))
  }

  has(name: string): boolean {
    return this.values.has(name)
  }

  /** A field that must be there. */
  value(name: string): Value {
    const value = this.values.get(name)
    if (value === undefined) throw new Malformed()
    this.values.delete(name)
    return value
  }

  /** Text of a length in characters within these bounds, both included. */
  text(name: string, longest: number, shortest = 0): string {
    const text = this.field(name).text(longest)
    if (shortest === 1 ? text === "" : Array.from(text).length < shortest) throw new Malformed()
    return text
  }

  integer(name: string, low = 0, high: number = Number.MAX_SAFE_INTEGER): number {
    return this.field(name).integer(low, high)
  }

  blobUpTo(name: string, longest: number): Bytes {
    return this.field(name).blobUpTo(longest)
  }

  /** True when the field is there: it is written as true or not at all. */
  mark(name: string): boolean {
    if (!this.has(name)) return false
    if (this.value(name) !== true) throw new Malformed()
    return true
  }

  items(name: string, fewest: number, most: number): readonly Value[] {
    return this.field(name).items(fewest, most)
  }

  /** At least one account, each once; none when the field is not there. */
  accounts(name: string, most: number): readonly AccountId[] {
    if (!this.has(name)) return []
    const found = this.items(name, 1, most).map((item) => Fields.ofList([item], 1).account())
    if (new Set(found).size !== found.length) throw new Malformed()
    return found
  }

  /** Whether a field that must be there is null; then it is taken. */
  isNull(name: string): boolean {
    if (!this.has(name)) throw new Malformed()
    return this.values.get(name) === null && this.values.delete(name)
  }

  /** A map inside the map. */
  part(name: string): Body {
    const value = this.value(name)
    if (!isMap(value)) throw new Malformed()
    return new Body(value)
  }

  /** The fields of an inner array. */
  list(name: string, arity: number): Fields {
    return Fields.ofList(this.value(name), arity)
  }

  /** Throws Newer when a field was not asked for. */
  end(): void {
    if (this.values.size > 0) throw new Newer()
  }

  private field(name: string): Fields {
    return Fields.ofList([this.value(name)], 1)
  }
}

export function isMap(value: Value): value is ValueMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}
