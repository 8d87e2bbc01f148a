/**
 * What is agreed on for a whole conversation: picture, patient, how long messages stay.
 *
 * The latest entry that names a field counts for it. Entries go with the log's retention, so a device says the standing
 * settings again before they are forgotten, with the offset where each was agreed on: whoever repeats an old value
 * does not undo a newer one.
 */
import type { Patient } from "../../../bridge/models.js"
import type { Bytes } from "../../bytes.js"
import { Malformed } from "../errors.js"
import type { ValueMap } from "../msgpack.js"
import type { Body } from "./body.js"

export const MAX_PICTURE_BYTES = 16_384
const MAX_NAME_CHARACTERS = 128
const MAX_RETENTION_DAYS = 366
/** As on an identity paper: the month or the day may be unknown, then they are 00. */
const BIRTH_DATE = /^[12][0-9]{3}-(?:0[0-9]|1[0-2])-(?:[0-2][0-9]|3[01])$/

/** Fields that are there change; empty bytes are no picture, null is no patient. `since` is 0 for a change. */
export type Settings = {
  readonly type: "settings"
  readonly picture?: Bytes
  readonly patient?: Patient | null
  readonly retentionDays?: number
  readonly since: number
}

export const settingsBody = ({ picture, patient, retentionDays, since }: Settings): ValueMap => ({
  ...(picture === undefined ? {} : { picture }),
  ...(retentionDays === undefined ? {} : { retention_days: retentionDays }),
  ...(patient === undefined ? {} : { patient: patient === null ? null : patientBody(patient) }),
  ...(since === 0 ? {} : { since }),
})

export function parseSettings(body: Body): Settings {
  const picture = body.has("picture") ? { picture: body.blobUpTo("picture", MAX_PICTURE_BYTES) } : null
  const patient = body.has("patient") ? { patient: body.isNull("patient") ? null : parsePatient(body.part("patient")) } : null
  const retention = body.has("retention_days") ? { retentionDays: body.integer("retention_days", 1, MAX_RETENTION_DAYS) } : null
  const since = body.has("since") ? body.integer("since", 1) : 0
  if (picture === null && patient === null && retention === null) {
    body.end()
    throw new Malformed()
  }
  return { type: "settings", ...picture, ...patient, ...retention, since }
}

export function patientBody({ birthName, firstName, birthDate, sex, usedName, oid, matricule }: Patient): ValueMap {
  return {
    birth_name: birthName,
    first_name: firstName,
    birth_date: birthDate,
    sex,
    ...(usedName === "" ? {} : { used_name: usedName }),
    ...(oid === "" ? {} : { oid }),
    ...(matricule === "" ? {} : { matricule }),
  }
}

export function parsePatient(body: Body): Patient {
  const optional = (name: string, longest: number, shortest: number): string => (body.has(name) ? body.text(name, longest, shortest) : "")
  const birthName = body.text("birth_name", MAX_NAME_CHARACTERS, 1)
  const firstName = body.text("first_name", MAX_NAME_CHARACTERS)
  const birthDate = body.text("birth_date", 10)
  const sex = body.text("sex", 1)
  const usedName = optional("used_name", MAX_NAME_CHARACTERS, 1)
  const [oid, matricule] = [optional("oid", 64, 1), optional("matricule", 15, 15)]
  body.end()
  if (birthDate !== "" && !BIRTH_DATE.test(birthDate)) throw new Malformed()
  if ((sex !== "F" && sex !== "M" && sex !== "U") || (oid === "") !== (matricule === "")) throw new Malformed()
  return { birthName, firstName, birthDate, sex, usedName, oid, matricule }
}
