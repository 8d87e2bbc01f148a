/** Choosing the patient of a discussion among those whose documents are on this device. */
import { useEffect, useState } from "preact/hooks"
import type { PatientSummary } from "../../bridge/documents.js"
import { IconView } from "../components/IconView.js"
import { SearchView } from "../components/SearchView.js"
import { words } from "../i18n/language.js"
import { formatBirthDate } from "./patientModel.js"

type Props = {
  readonly onFind: (query: string) => Promise<readonly PatientSummary[]>
  readonly isDisabled: boolean
  readonly onChoose: (patient: PatientSummary) => void
}

const mostShown = 4

export function FolderChoiceView({ onFind, isDisabled, onChoose }: Props) {
  const text = words().patient
  const [query, setQuery] = useState("")
  const [found, setFound] = useState<readonly PatientSummary[]>([])
  useEffect(() => {
    let isGone = false
    onFind(query.trim()).then(
      (patients) => {
        if (!isGone) setFound(patients.slice(0, mostShown))
      },
      () => undefined,
    )
    return () => {
      isGone = true
    }
  }, [query])
  // Without any document there is nobody to choose from.
  if (found.length === 0 && query === "") return null
  return (
    <section class="folder-choice" aria-label={text.known}>
      <SearchView label={text.known} placeholder={text.known} value={query} onInput={setQuery} />
      {found.length === 0 && <p class="source">{text.unknownHere}</p>}
      <ul>
        {found.map((summary) => {
          const { birthName, firstGivenName, birthDate, sex } = summary.identity
          return (
            <li key={summary.patient}>
              <button type="button" class="row" disabled={isDisabled} onClick={() => onChoose(summary)}>
                <IconView name="patient" />
                <span class="row-body">
                  <span class="row-title">{`${birthName.toLocaleUpperCase("fr")} ${firstGivenName}`}</span>
                  <span class="row-line">{[formatBirthDate(birthDate), sex].filter((part) => part !== "").join(", ")}</span>
                </span>
              </button>
            </li>
          )
        })}
      </ul>
      <h3 class="list-title">{text.byHand}</h3>
    </section>
  )
}
