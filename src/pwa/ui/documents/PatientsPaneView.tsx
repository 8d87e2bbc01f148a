/** Patients and their documents, wired to the engine. */
import { useEffect, useState } from "preact/hooks"
import type { PatientId, PatientSummary, PatientView as Patient } from "../../bridge/documents.js"
import { codeOf } from "../i18n/failures.js"
import type { Page } from "../page.js"
import { goBack, goTo, replaceWith, route } from "../router.js"
import { shelves, sinceOf, type Shelf } from "./documentModel.js"
import { PatientsView, type Period } from "./PatientsView.js"
import { PatientView } from "./PatientView.js"

const daysOf: Readonly<Record<Period, number | null>> = { all: null, week: 7, month: 30, year: 365 }
const settleMs = 120

type Found = { readonly patients: readonly PatientSummary[]; readonly more: number }

export function PatientsPaneView({ page, nowMs }: { readonly page: Page; readonly nowMs: number }) {
  const [query, setQuery] = useState("")
  const [shelf, setShelf] = useState<Shelf | null>(null)
  const [period, setPeriod] = useState<Period>("all")
  const [found, setFound] = useState<Found | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const state = page.documents.value
  const here = route.value
  const isList = here.kind === "patients"
  useEffect(() => {
    let isLeft = false
    const families = shelf === null ? [] : shelves[shelf]
    const timer = setTimeout(() => {
      page.engine.ask("listPatients", { query, families, since: sinceOf(daysOf[period], Date.now()) }).then(
        (answer) => {
          if (isLeft) return
          setFound(answer)
          setFailure(null)
        },
        (error: unknown) => {
          if (!isLeft) setFailure(codeOf(error))
        },
      )
    }, query === "" ? 0 : settleMs)
    return () => {
      isLeft = true
      clearTimeout(timer)
    }
  }, [query, shelf, period, state?.revision])
  // The reader of PDF is there before the first one is opened, also without a network.
  useEffect(() => void import("./pdf.js").then(({ prepare }) => prepare()).catch(() => undefined), [])
  const go = isList ? goTo : replaceWith
  return (
    <PatientsView
      patients={found?.patients ?? null}
      more={found?.more ?? 0}
      state={state}
      failure={failure}
      query={query}
      shelf={shelf}
      period={period}
      selected={here.kind === "patient" ? here.patient : null}
      nowMs={nowMs}
      onQuery={setQuery}
      onShelf={setShelf}
      onPeriod={setPeriod}
      onOpen={(patient) => go({ kind: "patient", patient })}
      onDocument={({ document }) => go({ kind: "document", document })}
    />
  )
}

export function PatientPaneView({ page, patient, nowMs }: { readonly page: Page; readonly patient: PatientId; readonly nowMs: number }) {
  const [shown, setShown] = useState<Patient | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const load = async () => {
    try {
      setShown(await page.engine.ask("patient", { patient }))
      setFailure(null)
    } catch (error) {
      setFailure(codeOf(error))
    }
  }
  useEffect(() => void load(), [patient, page.documents.value?.revision])
  return (
    <PatientView
      key={patient}
      patient={shown}
      failure={failure}
      nowMs={nowMs}
      onBack={goBack}
      onDocument={({ document }) => goTo({ kind: "document", document })}
      onPatient={(other) => goTo({ kind: "patient", patient: other })}
      onJoin={async (other) => {
        await page.engine.ask("joinPatients", { one: patient, other })
        await load()
      }}
      onSeparate={async () => {
        await page.engine.ask("separatePatient", { patient })
        await load()
      }}
    />
  )
}
