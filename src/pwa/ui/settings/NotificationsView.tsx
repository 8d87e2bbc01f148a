import { useEffect, useState } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import type { NotificationSettings } from "../../bridge/commands/notifications.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { codeOf, explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { canBeWoken, Obstructed, received, turnOff, turnOn } from "./pushing.js"
import "./settings.css"

type Step = { readonly name: "browser" | "permission" | "server" | "sent" | "received"; readonly state: "waiting" | "running" | "good" | "bad" }
type Props = { readonly engine: Engine; readonly onBack: () => void }

const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`
const minutesOf = (text: string): number => {
  const [hours = 0, minutes = 0] = text.split(":").map(Number)
  return (hours * 60 + minutes) % 1440
}

function explain(error: unknown): string {
  return error instanceof Obstructed ? words().notifications.obstacles[error.obstacle] : explainCode(codeOf(error))
}

/** Whether and when this device is woken, and a test of the whole way. */
export function NotificationsView({ engine, onBack }: Props) {
  const text = words().notifications
  const [settings, setSettings] = useState<NotificationSettings | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [isWorking, setWorking] = useState(false)
  const load = async () => setSettings(await engine.ask("notifications", null))
  const run = async (work: () => Promise<void>) => {
    setWorking(true)
    setFailure(null)
    try {
      await work()
    } catch (error) {
      setFailure(explain(error))
    }
    await load().catch(() => undefined)
    setWorking(false)
  }
  useEffect(() => void load().catch((error: unknown) => setFailure(explain(error))), [])
  const change = (changed: Partial<NotificationSettings>) => {
    if (settings === null) return
    const { isOn, ...next } = { ...settings, ...changed }
    setSettings({ ...next, isOn })
    void run(async () => {
      await engine.ask("setNotifications", next)
    })
  }
  return (
    <>
      <HeaderView title={text.title} onBack={onBack} />
      <div class="scroll card">
        <p>{text.explain}</p>
        {failure !== null && <NoticeView tone="attention" text={failure} />}
        {settings === null ? (
          failure === null && <SkeletonRowsView label={text.title} />
        ) : (
          <>
            <section class="sheet sheet-padded" aria-labelledby="wake-title">
              <h2 id="wake-title">{settings.isOn ? text.on : text.off}</h2>
              {settings.isOn ? (
                <button type="button" class="button button-outline" disabled={isWorking} onClick={() => void run(() => turnOff(engine))}>
                  {text.turnOff}
                </button>
              ) : (
                <button type="button" class="button button-primary" disabled={isWorking} onClick={() => void run(() => turnOn(engine))}>
                  <IconView name="bell" />
                  {text.turnOn}
                </button>
              )}
            </section>
            {settings.isOn && <QuietView settings={settings} onChange={change} />}
            {settings.isOn && <TestView engine={engine} />}
          </>
        )}
      </div>
    </>
  )
}

function QuietView({ settings, onChange }: { readonly settings: NotificationSettings; readonly onChange: (changed: Partial<NotificationSettings>) => void }) {
  const text = words().notifications
  const isQuiet = settings.quietFrom !== settings.quietUntil
  return (
    <section class="sheet sheet-padded" aria-labelledby="quiet-title">
      <h2 id="quiet-title">{text.quiet}</h2>
      <label class="check">
        <input
          type="checkbox"
          checked={isQuiet}
          onChange={(event) => onChange(event.currentTarget.checked ? { quietFrom: 20 * 60, quietUntil: 7 * 60 } : { quietFrom: 0, quietUntil: 0 })}
        />
        <span>{text.quietUse}</span>
      </label>
      {isQuiet && (
        <div class="quiet-hours">
          <label class="field">
            <span class="field-label">{text.from}</span>
            <input class="input" type="time" value={clock(settings.quietFrom)} onChange={(event) => onChange({ quietFrom: minutesOf(event.currentTarget.value) })} />
          </label>
          <label class="field">
            <span class="field-label">{text.until}</span>
            <input class="input" type="time" value={clock(settings.quietUntil)} onChange={(event) => onChange({ quietUntil: minutesOf(event.currentTarget.value) })} />
          </label>
        </div>
      )}
      <label class="check">
        <input type="checkbox" checked={settings.urgentPasses} onChange={(event) => onChange({ urgentPasses: event.currentTarget.checked })} />
        <span>{text.urgentPasses}</span>
      </label>
      <p class="field-hint">{text.quietExplain}</p>
    </section>
  )
}

/** The whole way, step by step; the first one that fails says what to do. */
function TestView({ engine }: { readonly engine: Engine }) {
  const text = words().notifications
  const [steps, setSteps] = useState<readonly Step[]>([])
  const [advice, setAdvice] = useState<string | null>(null)
  const isRunning = steps.some(({ state }) => state === "running")
  const test = async () => {
    const order = ["browser", "permission", "server", "sent", "received"] as const
    let at = 0
    const show = (state: Step["state"]) => setSteps(order.map((name, index) => ({ name, state: index < at ? "good" : index === at ? state : "waiting" })))
    const pass = () => {
      at += 1
      show("running")
    }
    setAdvice(null)
    show("running")
    try {
      if (!canBeWoken()) throw new Obstructed("unsupported")
      pass()
      if (Notification.permission !== "granted") throw new Obstructed("denied")
      pass()
      await turnOn(engine)
      pass()
      const arrival = received()
      const { outcome } = await engine.ask("testPush", null)
      if (outcome !== "taken") throw new Obstructed("failed")
      pass()
      if (!(await arrival)) {
        show("bad")
        setAdvice(text.notReceived)
        return
      }
      at = order.length
      show("good")
      setAdvice(text.works)
    } catch (error) {
      show("bad")
      setAdvice(explain(error))
    }
  }
  return (
    <section class="sheet sheet-padded" aria-labelledby="test-title">
      <h2 id="test-title">{text.test}</h2>
      <p class="field-hint">{text.testExplain}</p>
      <button type="button" class="button button-outline" disabled={isRunning} onClick={() => void test()}>
        {text.testRun}
      </button>
      {steps.length > 0 && (
        <ol class="steps" aria-live="polite">
          {steps.map(({ name, state }) => (
            <li key={name} class={`step step-${state}`}>
              {state === "running" ? <span class="spinner" /> : <IconView name={state === "good" ? "check" : state === "bad" ? "alert" : "retention"} />}
              <span>{text.steps[name]}</span>
              <span class="visually-hidden">{text.states[state]}</span>
            </li>
          ))}
        </ol>
      )}
      {advice !== null && <p role="status">{advice}</p>}
    </section>
  )
}
