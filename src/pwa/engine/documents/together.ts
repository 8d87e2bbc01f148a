/** Folders that a person declared to be of the same patient, shown as one; and how that is undone. Pure. */
import { toBase64, utf8 } from "../bytes.js"
import { hashNow } from "../crypto/suite.js"
import { compareText, type Folder } from "./folders.js"

/** "Même patient": about two folders, by names that say nothing. The newest word about a pair counts. */
export type Decision = { readonly one: string; readonly other: string; readonly isSame: boolean; readonly atMs: number }

/** One patient as shown: a folder, or several that a person put together. */
export type Patient = { readonly key: string; readonly folders: readonly Folder[] }

/** About two folders by their keys. */
export const decide = (one: string, other: string, isSame: boolean, atMs: number): Decision =>
  decided(folderName(one), folderName(other), isSame, atMs)

/** A folder's key holds health data; its name does not, and is the same on every device of the account. */
export const folderName = (key: string): string => toBase64(hashNow(utf8(`lien/v1/folder\0${key}`)).subarray(0, 16))

/** About two folders by their names. */
export function decided(one: string, other: string, isSame: boolean, atMs: number): Decision {
  const [first, second] = compareText(one, other) < 0 ? [one, other] : [other, one]
  return { one: first, other: second, isSame, atMs }
}

export const pairOf = ({ one, other }: Decision): string => JSON.stringify([one, other])

/** What two devices said of one pair: the later word, and of two at the same instant the careful one. */
export function latest(known: Decision | undefined, said: Decision): Decision {
  if (known === undefined || said.atMs > known.atMs) return said
  return said.atMs === known.atMs && !said.isSame ? said : known
}

export function patientsOf(folders: readonly Folder[], decisions: readonly Decision[]): readonly Patient[] {
  const patients = new Map<string, Folder[]>(folders.map((folder) => [folderName(folder.key), [folder]]))
  for (const { one, other, isSame } of decisions) {
    const [group, joined] = [patients.get(one), patients.get(other)]
    if (!isSame || group === undefined || joined === undefined || group === joined) continue
    group.push(...joined)
    for (const { key } of joined) patients.set(folderName(key), group)
  }
  return [...new Set(patients.values())].map((group): Patient => {
    const sorted = group.sort((one, other) => compareText(one.key, other.key))
    return { key: sorted[0]?.key ?? "", folders: sorted }
  })
}
