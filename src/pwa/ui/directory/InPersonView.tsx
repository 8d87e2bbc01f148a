/** Two people compare in person: a camera in front of the other's screen, or digits read aloud. */
import { useEffect, useState } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import type { AccountId, Safety } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { QrView } from "../components/QrView.js"
import { ScanView } from "../components/ScanView.js"
import { useTask } from "../components/useTask.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { longDate } from "../i18n/times.js"

export function InPersonView({ engine, account }: { readonly engine: Engine; readonly account: AccountId }) {
  const { inPerson } = words()
  const task = useTask()
  const [safety, setSafety] = useState<Safety | null>(null)
  const [step, setStep] = useState<"closed" | "compare" | "scan">("closed")
  const load = async () => setSafety(await engine.ask("safety", { account }))
  useEffect(() => task.run(load), [account])
  const finish = (work: () => Promise<null>) =>
    task.run(async () => {
      try {
        await work()
        setStep("closed")
        await load()
      } catch (error) {
        setStep("compare")
        throw error
      }
    })
  if (safety === null) return null
  return (
    <section class="in-person" aria-labelledby="in-person-title">
      {safety.verifiedAtMs !== null && (
        <div class="verification is-verified">
          <IconView name="verified" />
          <p class="verification-title">{inPerson.verified(longDate(safety.verifiedAtMs))}</p>
        </div>
      )}
      {safety.isLost && <NoticeView tone="attention" text={inPerson.lost} />}
      <h2 id="in-person-title" class="list-title">{inPerson.title}</h2>
      {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
      {step === "closed" && (
        <button type="button" class="button button-outline button-wide" onClick={() => setStep("compare")}>
          {safety.verifiedAtMs === null ? inPerson.begin : inPerson.again}
        </button>
      )}
      {step === "compare" && (
        <>
          <p class="quiet">{inPerson.explain}</p>
          <QrView text={safety.qr} label={inPerson.picture} />
          <ol class="safety-code" aria-label={inPerson.code}>
            {safety.groups.map((group, at) => (
              <li key={at}>{group}</li>
            ))}
          </ol>
          <button type="button" class="button button-primary button-wide" disabled={task.isRunning} onClick={() => setStep("scan")}>
            <IconView name="scan" />
            {inPerson.scan}
          </button>
          <button type="button" class="button button-outline button-wide" disabled={task.isRunning} onClick={() => finish(() => engine.ask("safetyConfirm", { account }))}>
            {inPerson.same}
          </button>
          <button type="button" class="button button-quiet button-wide" disabled={task.isRunning} onClick={() => setStep("closed")}>
            {words().app.cancel}
          </button>
        </>
      )}
      {step === "scan" && (
        <>
          <ScanView onText={(text) => finish(() => engine.ask("safetyScan", { account, text }))} />
          <button type="button" class="button button-quiet button-wide" onClick={() => setStep("compare")}>
            {words().app.cancel}
          </button>
        </>
      )}
    </section>
  )
}
