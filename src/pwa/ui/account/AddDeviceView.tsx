/** An old device reads a new one's code, and lets it in. */
import { useState } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import { HeaderView } from "../components/HeaderView.js"
import { NoticeView } from "../components/NoticeView.js"
import { ScanView } from "../components/ScanView.js"
import { useTask } from "../components/useTask.js"
import { codeOf, explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { answerWithPasskey } from "./ceremonies.js"

type Props = {
  readonly engine: Engine
  readonly withPasskey: boolean
  readonly onBack: () => void
  readonly onDone: () => void
  readonly onSignInAgain: () => void
}

export function AddDeviceView({ engine, withPasskey, onBack, onDone, onSignInAgain }: Props) {
  const { addDevice, devices, app, me } = words()
  const task = useTask()
  const [typed, setTyped] = useState("")
  const [found, setFound] = useState<{ readonly code: string; readonly label: string } | null>(null)
  const [scans, setScans] = useState(0)
  const find = (code: string): void =>
    task.run(async () => {
      try {
        setFound({ code, ...(await justSignedIn(() => engine.ask("transferFind", { code }))) })
      } finally {
        setScans((count) => count + 1)
      }
    })
  /** Letting a device in wants a gesture of now; with a passkey it is asked for right here. */
  const justSignedIn = async <T,>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (codeOf(error) !== "fresh_sign_in_needed" || !withPasskey) throw error
      await answerWithPasskey(engine)
      return work()
    }
  }
  return (
    <>
      <HeaderView title={devices.add} onBack={onBack} />
      <div class="scroll card">
        <p class="quiet">{found === null ? addDevice.explain : addDevice.confirm(found.label)}</p>
        {task.failure !== null && <NoticeView tone="attention" text={explainCode(task.failure)} />}
        {task.failure === "fresh_sign_in_needed" && (
          <button type="button" class="button button-primary button-wide" onClick={onSignInAgain}>
            {me.expressFreshAction}
          </button>
        )}
        {found === null ? (
          <>
            {!task.isRunning && <ScanView key={scans} onText={find} />}
            <form
              class="entry-actions"
              noValidate
              onSubmit={(event) => {
                event.preventDefault()
                if (typed.trim() !== "") find(typed)
              }}
            >
              <div class="field">
                <label class="field-label" for="transfer-code">
                  {addDevice.field}
                </label>
                <input id="transfer-code" class="input input-code" maxLength={40} autoComplete="off" autoCapitalize="characters" spellcheck={false} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
              </div>
              <button type="submit" class="button button-outline" disabled={task.isRunning || typed.trim() === ""}>
                {addDevice.find}
              </button>
            </form>
          </>
        ) : (
          <>
            <button
              type="button"
              class="button button-primary button-wide"
              disabled={task.isRunning}
              onClick={() =>
                task.run(async () => {
                  await justSignedIn(() => engine.ask("transferApprove", { code: found.code }))
                  onDone()
                })
              }
            >
              {task.isRunning && <span class="spinner" aria-hidden="true" />}
              {addDevice.approve}
            </button>
            <button type="button" class="button button-quiet button-wide" disabled={task.isRunning} onClick={() => setFound(null)}>
              {app.cancel}
            </button>
          </>
        )}
      </div>
    </>
  )
}
