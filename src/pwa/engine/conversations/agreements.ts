/** What is agreed on for a whole conversation: the value of each field, and the offset where it was agreed on. */
import type { Patient } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import type { Settings } from "../crypto/contents/settings.js"

type Agreed<Value> = { readonly value: Value; readonly since: number }

export type Agreements = {
  readonly picture: Agreed<Bytes> | null
  readonly patient: Agreed<Patient | null> | null
  /** How many days messages stay, where an admin chose less than the deployment keeps. */
  readonly retentionDays: Agreed<number> | null
  /** When the log last said them: what is old is said again before retention forgets it. */
  readonly saidAtMs: number
}

export const NO_AGREEMENTS: Agreements = { picture: null, patient: null, retentionDays: null, saidAtMs: 0 }

/** `offset` and `atMs` are the entry's; `isAllowed` whether its author is an admin. */
export function withSettings(before: Agreements, said: Settings, offset: number, atMs: number, isAllowed: boolean): Agreements {
  // Said again of something that comes later is a lie; its own place is the most it can claim.
  const since = said.since > 0 ? Math.min(said.since, offset) : offset
  const { picture, patient, retentionDays } = said
  return {
    picture: picture !== undefined && isAllowed ? newer(before.picture, { value: picture, since }) : before.picture,
    patient: patient !== undefined ? newer(before.patient, { value: patient, since }) : before.patient,
    retentionDays: retentionDays !== undefined && isAllowed ? newer(before.retentionDays ?? null, { value: retentionDays, since }) : before.retentionDays,
    saidAtMs: Math.max(before.saidAtMs, atMs),
  }
}

function newer<Value>(before: Agreed<Value> | null, agreed: Agreed<Value>): Agreed<Value> {
  return before === null || agreed.since >= before.since ? agreed : before
}

/** What a device says again so that it is not forgotten, each field with its own standing; nothing that is empty. */
export function repeated({ picture, patient, retentionDays }: Agreements, isAdmin: boolean): readonly Settings[] {
  const again: Settings[] = []
  if (patient !== null && patient.value !== null) again.push({ type: "settings", patient: patient.value, since: patient.since })
  if (isAdmin && picture !== null && picture.value.length > 0) {
    again.push({ type: "settings", picture: picture.value, since: picture.since })
  }
  if (isAdmin && retentionDays != null) again.push({ type: "settings", retentionDays: retentionDays.value, since: retentionDays.since })
  return again
}
