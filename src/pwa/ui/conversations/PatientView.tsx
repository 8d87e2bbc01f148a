import { useState } from "preact/hooks"
import type { PatientSummary } from "../../bridge/documents.js"
import type { Patient } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SheetView } from "../components/SheetView.js"
import { useTask } from "../components/useTask.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { FolderChoiceView } from "./FolderChoiceView.js"
import { formatBirthDate, parseBirthDate, patientLine, patientTitle } from "./patientModel.js"

/** Whom the discussion is about, always in sight while reading and writing. */
export function PatientStripView({ patient, onOpen }: { readonly patient: Patient; readonly onOpen: (() => void) | null }) {
  const text = words().patient
  const line = (
    <>
      <IconView name="patient" small />
      <span>
        <span class="visually-hidden">{`${text.strip}, `}</span>
        <strong>{patientTitle(patient)}</strong>
        {patientLine(patient)}
      </span>
    </>
  )
  if (onOpen === null) return <p class="patient-strip">{line}</p>
  return (
    <button type="button" class="patient-strip" aria-haspopup="dialog" onClick={onOpen}>
      {line}
      <IconView name="edit" small />
    </button>
  )
}

type Props = {
  readonly patient: Patient | null
  readonly onFind: (query: string) => Promise<readonly PatientSummary[]>
  readonly onFolder: (patient: PatientSummary) => Promise<void>
  readonly onSave: (patient: Patient | null) => Promise<void>
  readonly onClose: () => void
}

const sexes = ["F", "M", "U"] as const

/** A patient whose documents are here, or the traits that tell one from another, entered by hand; or nobody any more. */
export function PatientSheetView({ patient, onFind, onFolder, onSave, onClose }: Props) {
  const text = words().patient
  const task = useTask()
  const [birthName, setBirthName] = useState(patient?.birthName ?? "")
  const [firstName, setFirstName] = useState(patient?.firstName ?? "")
  const [birthDate, setBirthDate] = useState(formatBirthDate(patient?.birthDate ?? ""))
  const [sex, setSex] = useState<Patient["sex"]>(patient?.sex ?? "U")
  const [isTried, setTried] = useState(false)
  const date = parseBirthDate(birthDate)
  const isNameMissing = isTried && birthName.trim() === ""
  const isDateWrong = isTried && date === null
  const save = (value: Patient | null) =>
    task.run(async () => {
      await onSave(value)
      onClose()
    })
  const submit = (event: Event) => {
    event.preventDefault()
    setTried(true)
    if (birthName.trim() === "" || date === null) return
    const isSame = patient !== null && patient.birthName === birthName.trim() && patient.birthDate === date
    // A number from a document belongs to the traits it came with.
    const [oid, matricule, usedName] = isSame ? [patient.oid, patient.matricule, patient.usedName] : ["", "", ""]
    save({ birthName: birthName.trim(), firstName: firstName.trim(), birthDate: date, sex, usedName, oid, matricule })
  }
  return (
    <SheetView title={text.title} onClose={onClose}>
      <p>{text.explain}</p>
      <FolderChoiceView
        onFind={onFind}
        isDisabled={task.isRunning}
        onChoose={(chosen) =>
          task.run(async () => {
            await onFolder(chosen)
            onClose()
          })
        }
      />
      <form class="sheet-form" onSubmit={submit} noValidate>
        <div class="field">
          <label class="field-label" for="patient-name">
            {text.birthName}
          </label>
          <input id="patient-name" class="input" value={birthName} maxLength={100} autoComplete="off" autoCapitalize="characters" aria-invalid={isNameMissing} aria-describedby="patient-name-error" onInput={(event) => setBirthName(event.currentTarget.value)} />
          <p id="patient-name-error" class="field-error">
            {isNameMissing ? text.nameMissing : ""}
          </p>
        </div>
        <div class="field">
          <label class="field-label" for="patient-first">
            {text.firstName}
          </label>
          <input id="patient-first" class="input" value={firstName} maxLength={100} autoComplete="off" autoCapitalize="words" onInput={(event) => setFirstName(event.currentTarget.value)} />
        </div>
        <div class="field">
          <label class="field-label" for="patient-date">
            {text.birthDate}
          </label>
          <input id="patient-date" class="input" value={birthDate} maxLength={10} inputMode="numeric" autoComplete="off" aria-invalid={isDateWrong} aria-describedby="patient-date-error" onInput={(event) => setBirthDate(event.currentTarget.value)} />
          <p id="patient-date-error" class="field-error">
            {isDateWrong ? text.dateWrong : ""}
          </p>
        </div>
        <fieldset class="segments">
          <legend class="field-label">{text.sexLabel}</legend>
          {sexes.map((one) => (
            <label key={one} class="segment">
              <input type="radio" name="patient-sex" value={one} checked={sex === one} onChange={() => setSex(one)} />
              {one === "F" ? text.female : one === "M" ? text.male : text.unknown}
            </label>
          ))}
        </fieldset>
        {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
        <button type="submit" class="button button-primary button-wide" disabled={task.isRunning}>
          {text.save}
        </button>
        {patient !== null && (
          <button type="button" class="button button-quiet button-wide" disabled={task.isRunning} onClick={() => save(null)}>
            {text.untie}
          </button>
        )}
      </form>
    </SheetView>
  )
}
