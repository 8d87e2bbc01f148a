import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { EntryView } from "./EntryView.js"
import "./situation.css"

type Words = { readonly title: string; readonly text: string; readonly steps: readonly string[] }

/** What cannot be said in a line: why the way in is closed, and what the person can do next. */
export function problemOf(code: string | null): Words | null {
  const { problems } = words()
  switch (code) {
    case "not_in_directory":
    case "no_rpps":
    case "test_identity":
    case "provider_unreachable":
    case "attestor_refused":
    case "invitation_over":
    case "invitation_elsewhere":
      return problems[code]
    default:
      return null
  }
}

type Props = {
  readonly problem: Words
  readonly failure: string | null
  readonly isWorking: boolean
  /** Null where express login leads nowhere. */
  readonly onExpress: (() => void) | null
  /** Null when trying again would be wrong. */
  readonly onOther: (() => void) | null
}

export function ProblemView({ problem, failure, isWorking, onExpress, onOther }: Props) {
  const { problems } = words()
  return (
    <EntryView
      top={
        <>
          <span class="problem-picture">
            <IconView name="doubt" />
          </span>
          <h1 tabIndex={-1}>{problem.title}</h1>
          <p>{problem.text}</p>
          <ul class="problem-steps">
            {problem.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ul>
        </>
      }
    >
      <div class="entry-actions">
        {failure !== null && <NoticeView tone="urgent" text={explainCode(failure)} />}
        {onExpress !== null && (
          <button type="button" class="button button-primary" disabled={isWorking} onClick={onExpress}>
            {problems.express}
          </button>
        )}
        {onOther !== null && (
          <button type="button" class={onExpress === null ? "button button-primary" : "button button-outline"} disabled={isWorking} onClick={onOther}>
            {problems.other}
          </button>
        )}
      </div>
    </EntryView>
  )
}
