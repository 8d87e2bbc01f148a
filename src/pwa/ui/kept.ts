/**
 * The value now, made of what was there before wherever nothing changed. The engine tells whole values, each time anew:
 * what is the same object as before need not be drawn again. Elements of a list are the same by their `envelope`, else by
 * their place.
 */
export function kept<Value>(before: unknown, now: Value): Value {
  if (Object.is(before, now)) return now
  if (Array.isArray(now)) return (Array.isArray(before) ? keptList(before, now) : now) as Value
  if (!isPlain(now) || !isPlain(before)) return now
  const names = Object.keys(now)
  const values = names.map((name) => [name, kept(before[name], now[name])] as const)
  const isSame = names.length === Object.keys(before).length && values.every(([name, value]) => name in before && Object.is(before[name], value))
  return (isSame ? before : Object.fromEntries(values)) as Value
}

function keptList(before: readonly unknown[], now: readonly unknown[]): readonly unknown[] {
  const known = new Map(before.map((element, index) => [nameOf(element, index), element]))
  const elements = now.map((element, index) => kept(known.get(nameOf(element, index)), element))
  return elements.length === before.length && elements.every((element, index) => Object.is(element, before[index])) ? before : elements
}

const nameOf = (element: unknown, index: number): unknown => (isPlain(element) ? (element["envelope"] ?? index) : index)

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
