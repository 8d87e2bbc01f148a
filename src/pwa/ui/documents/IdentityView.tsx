import type { Doubt, ShownIdentity } from "../../bridge/documents.js"
import { NoticeView } from "../components/NoticeView.js"
import { words } from "../i18n/language.js"
import { birthDateOf, birthLine, nameOf, usedNameOf } from "./documentModel.js"

/** What the national identity rules show below birth name and first given name, which are the title: birth, sex, what differs. */
export function IdentityView({ identity, isDoubtful }: { readonly identity: ShownIdentity; readonly isDoubtful: boolean }) {
  const text = words().folder
  const used = usedNameOf(identity)
  return (
    <div class="patient-identity">
      {used !== null && <p class="patient-used">{text.used(used)}</p>}
      <p>
        <span class="time">{text.born(birthDateOf(identity), identity.sex)}</span>
        {words().profession.separator}
        {text.sexes[identity.sex] ?? text.sexes["U"]}
      </p>
      {isDoubtful && identity.birthPlace !== "" && <p class="quiet">{text.place(identity.birthPlace)}</p>}
      {identity.number !== null && (
        <p class="quiet time">
          {identity.number.kind === "test" ? text.testNumber(spaced(identity.number.value)) : text.number(identity.number.kind, spaced(identity.number.value))}
        </p>
      )}
    </div>
  )
}

/** "2 79 03 51 215 189 89": as it is read aloud. */
const spaced = (matricule: string): string => matricule.replace(/^(.)(..)(..)(..)(...)(...)(..)$/, "$1 $2 $3 $4 $5 $6 $7")

/** On one line, for lists and strips. */
export function IdentityLineView({ identity }: { readonly identity: ShownIdentity }) {
  return (
    <>
      <strong class="identity-line-name">{nameOf(identity)}</strong>
      <span class="time">{birthLine(identity)}</span>
    </>
  )
}

/** Each doubt over the whole width, never folded away. */
export function DoubtsView({ doubts }: { readonly doubts: readonly Doubt[] }) {
  const text = words().folder.doubts
  return (
    <>
      {doubts.map((doubt) => (
        <NoticeView key={doubt} tone="attention" text={text[doubt]} />
      ))}
    </>
  )
}
