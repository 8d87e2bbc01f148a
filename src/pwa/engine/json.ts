/** Strict readers of the server's JSON: a field of another kind is refused, an unknown field is ignored. */
import { fromBase64, type Bytes } from "./bytes.js"
import { Refusal } from "./failure.js"

export type Json = { readonly [name: string]: unknown }

function refuse(): never {
  throw new Refusal("unexpected")
}

export function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : refuse()
}

export function asText(value: unknown): string {
  return typeof value === "string" ? value : refuse()
}

export function asNumber(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : refuse()
}

export function textIn(from: Json, name: string): string {
  return asText(from[name])
}

export function numberIn(from: Json, name: string): number {
  return asNumber(from[name])
}

export function booleanIn(from: Json, name: string): boolean {
  const value = from[name]
  return typeof value === "boolean" ? value : refuse()
}

export function listIn(from: Json, name: string): readonly unknown[] {
  const value = from[name]
  return Array.isArray(value) ? value : refuse()
}

export function bytesIn(from: Json, name: string): Bytes {
  return fromBase64(textIn(from, name)) ?? refuse()
}

/** The field's value read by `read`, or null when the server says null. */
export function optional<T>(from: Json, name: string, read: (from: Json, name: string) => T): T | null {
  return from[name] === null || from[name] === undefined ? null : read(from, name)
}
