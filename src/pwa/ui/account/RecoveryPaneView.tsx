/** The recovery code, wired to the engine: offered once, and in the settings. The code lives on these screens only. */
import { useEffect, useState } from "preact/hooks"
import type { Me, RecoveryState } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { useTask } from "../components/useTask.js"
import { fullName } from "../directory/names.js"
import { EntryView } from "../entry/EntryView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { longDate } from "../i18n/times.js"
import type { Page } from "../page.js"
import { goBack } from "../router.js"
import { RecoveryCodeView } from "./RecoveryCodeView.js"
import { RecoveryView } from "./RecoveryView.js"

type Made = { readonly code: string; readonly sheet: string }

async function makeCode(page: Page, me: Me): Promise<Made> {
  const { code } = await page.engine.ask("makeRecoveryCode", null)
  const name = fullName(me.person.professional)
  return { code, sheet: words().recovery.sheet(name, location.origin, code, longDate(Date.now())) }
}

export function RecoveryPaneView({ page, me }: { readonly page: Page; readonly me: Me }) {
  const task = useTask()
  const [state, setState] = useState<RecoveryState | null>(null)
  const [made, setMade] = useState<Made | null>(null)
  const load = async () => {
    const answer = await page.engine.ask("recoveryState", null)
    setState(answer.state)
  }
  useEffect(() => task.run(load), [])
  return (
    <RecoveryView
      state={state}
      made={made}
      isWorking={task.isRunning}
      failure={task.failure}
      onBack={goBack}
      onMake={() => task.run(async () => setMade(await makeCode(page, me)))}
      onDone={() => {
        setMade(null)
        task.run(load)
      }}
    />
  )
}

/** Shown once, right after the offer of express login. */
export function RecoveryOfferView({ page, me }: { readonly page: Page; readonly me: Me }) {
  const { recovery } = words()
  const task = useTask()
  const [made, setMade] = useState<Made | null>(null)
  const leave = () =>
    task.run(async () => {
      await page.engine.ask("recoveryLater", null)
    })
  return (
    <EntryView
      top={
        <>
          <span class={made === null ? "offer-picture" : "offer-picture offer-picture-small"}>
            <IconView name="key" />
          </span>
          <h1 tabIndex={-1}>{made === null ? recovery.offerTitle : recovery.yours}</h1>
          <p>{made === null ? recovery.offerExplain : recovery.once}</p>
        </>
      }
    >
      <div class="entry-actions">
        {made !== null && <RecoveryCodeView code={made.code} sheet={made.sheet} />}
        {task.failure !== null && <NoticeView tone="attention" text={explainCode(task.failure)} />}
        {made === null ? (
          <>
            <button type="button" class="button button-primary" disabled={task.isRunning} onClick={() => task.run(async () => setMade(await makeCode(page, me)))}>
              {task.isRunning && <span class="spinner" aria-hidden="true" />}
              {task.isRunning ? recovery.making : recovery.make}
            </button>
            <button type="button" class="button button-quiet" disabled={task.isRunning} onClick={leave}>
              {recovery.later}
            </button>
          </>
        ) : (
          <button type="button" class="button button-primary" disabled={task.isRunning} onClick={leave}>
            {recovery.done}
          </button>
        )}
      </div>
    </EntryView>
  )
}
