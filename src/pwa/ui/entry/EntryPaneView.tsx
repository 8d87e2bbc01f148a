/** The screens before the discussions, wired to the engine. */
import { useState } from "preact/hooks"
import type { PinAnswer } from "../../bridge/commands.js"
import type { Phase, Professional, Provider, Situation } from "../../bridge/models.js"
import { answerWithPasskey, canUsePasskeys } from "../account/ceremonies.js"
import { deviceLabel } from "../account/deviceLabel.js"
import { useTask, type Task } from "../components/useTask.js"
import { chooseLanguage, language, words } from "../i18n/language.js"
import type { Page } from "../page.js"
import { ArrivalView } from "./ArrivalView.js"
import { CannotEnrolView } from "./CannotEnrolView.js"
import { LockView } from "./LockView.js"
import { ProblemView, problemOf } from "./ProblemView.js"
import { SignInView } from "./SignInView.js"
import { SituationView } from "./SituationView.js"
import { SplashView, StopView } from "./StopView.js"
import { WelcomeView } from "./WelcomeView.js"

export const startWith = (provider: Provider | { readonly id: string }): void => {
  location.assign(`/auth/${encodeURIComponent(provider.id)}/start`)
}

const reload = () => location.reload()

/** One task for all of them: what failed on one screen is still explained when the engine answers with another. */
export function EntryPaneView({ page, phase }: { readonly page: Page; readonly phase: Exclude<Phase, { kind: "open" }> }) {
  const task = useTask()
  switch (phase.kind) {
    case "loading":
      return <SplashView />
    case "signed-out":
      return <SignedOutView page={page} task={task} phase={phase} />
    case "welcome":
      return <EnrolView page={page} task={task} phase={phase} />
    case "locked":
      return <LockedView page={page} task={task} phase={phase} />
    case "revoked": {
      const { revoked } = words()
      return <StopView title={revoked.title} text={revoked.explain} action={revoked.restart} onAction={reload} />
    }
    case "stopped":
      return <StoppedView reason={phase.reason} />
  }
}

type Wired<Kind extends Phase["kind"]> = { readonly page: Page; readonly task: Task; readonly phase: Extract<Phase, { kind: Kind }> }

function SignedOutView({ page, task, phase }: Wired<"signed-out">) {
  const { providers, error } = phase
  const [isArriving, setArriving] = useState(false)
  const [isRead, setRead] = useState(false)
  const [isLost, setLost] = useState(false)
  const problem = isRead ? null : problemOf(error)
  if (problem !== null) {
    const withExpress = error === "provider_unreachable" && canUsePasskeys()
    return (
      <ProblemView
        problem={problem}
        failure={task.failure}
        isWorking={task.isRunning}
        onExpress={withExpress ? () => task.run(() => answerWithPasskey(page.engine)) : null}
        onOther={() => setRead(true)}
      />
    )
  }
  if (isLost) return <ProblemView problem={words().problems.lost} failure={null} isWorking={false} onExpress={null} onOther={() => setLost(false)} />
  if (isArriving) return <ArrivalView engine={page.engine} onBack={() => setArriving(false)} />
  return (
    <SignInView
      onOther={() => setArriving(true)}
      onLost={() => setLost(true)}
      providers={providers}
      error={task.failure ?? (isRead ? null : error)}
      canUsePasskeys={canUsePasskeys()}
      isWorking={task.isRunning}
      language={language.value}
      onLanguage={(chosen) => void chooseLanguage(chosen)}
      onProvider={startWith}
      onPasskey={() => task.run(() => answerWithPasskey(page.engine))}
      onReload={reload}
    />
  )
}

function EnrolView({ page, task, phase }: Wired<"welcome">) {
  const { situations } = phase
  const [chosen, setChosen] = useState<number | null>(situations.length === 1 ? 0 : null)
  const leave = () =>
    task.run(async () => {
      await page.engine.ask("signOut", { forget: true })
    })
  if (!phase.canEnrol) {
    return (
      <CannotEnrolView
        canUsePasskeys={canUsePasskeys()}
        isWorking={task.isRunning}
        failure={task.failure}
        onPasskey={() => task.run(() => answerWithPasskey(page.engine))}
        onRecover={(code) =>
          task.run(async () => {
            await page.engine.ask("recover", { code })
          })
        }
        onStartAfresh={() =>
          task.run(async () => {
            await page.engine.ask("startAfresh", null)
          })
        }
        onNotMe={leave}
      />
    )
  }
  if (phase.isNewAccount && chosen === null && situations.length > 1) {
    return <SituationView situations={situations} onNext={setChosen} onNotMe={leave} />
  }
  return (
    <WelcomeView
      professional={placedAt(phase.professional, situations[chosen ?? -1])}
      isNewAccount={phase.isNewAccount}
      guest={phase.guest}
      label={deviceLabel(navigator.userAgent)}
      isWorking={task.isRunning}
      failure={task.failure}
      onEnrol={(label) =>
        task.run(async () => {
          await page.engine.ask("enrol", { label, situation: phase.isNewAccount ? chosen : null })
        })
      }
      onNotMe={leave}
    />
  )
}

/** As colleagues will see them: in the situation that was chosen. */
function placedAt(professional: Professional, situation: Situation | undefined): Professional {
  if (situation === undefined) return professional
  const { professionCode, profession, category, structure, commune, postcode, mode } = situation
  const specialities = professionCode === professional.professionCode ? professional.specialities : []
  return { ...professional, professionCode, profession, category, specialities, activities: [{ structure, commune, postcode, mode }] }
}

function LockedView({ page, task, phase }: Wired<"locked">) {
  const [pinAnswer, setPinAnswer] = useState<PinAnswer | null>(null)
  const [isRead, setRead] = useState(false)
  const problem = isRead ? null : problemOf(phase.error)
  if (problem !== null) {
    const isOther = phase.error === "attestor_refused"
    const withExpress = phase.withPasskey && !isOther
    return (
      <ProblemView
        problem={problem}
        failure={task.failure}
        isWorking={task.isRunning}
        onExpress={withExpress ? () => task.run(() => answerWithPasskey(page.engine)) : null}
        onOther={isOther ? null : () => setRead(true)}
      />
    )
  }
  return (
    <LockView
      withPasskey={phase.withPasskey}
      withPin={phase.withPin}
      pinAnswer={pinAnswer}
      onPin={(digits) =>
        task.run(async () => {
          setPinAnswer(null)
          setPinAnswer(await page.engine.ask("pinUnlock", { digits }))
        })
      }
      providers={phase.providers}
      failure={task.failure ?? (isRead ? null : phase.error)}
      isWorking={task.isRunning}
      onUnlock={() => task.run(() => answerWithPasskey(page.engine))}
      onProvider={startWith}
      onForget={async () => {
        await page.engine.ask("signOut", { forget: true })
      }}
    />
  )
}

/** Why this page cannot go on, and what to do. */
export function StoppedView({ reason }: { readonly reason: "upgrade" | "storage" | "browser" }) {
  const { stopped } = words()
  const [title, text] = {
    upgrade: [stopped.upgradeTitle, stopped.upgradeExplain],
    storage: [stopped.storageTitle, stopped.storageExplain],
    browser: [stopped.browserTitle, stopped.browserExplain],
  }[reason] as [string, string]
  return <StopView title={title} text={text} action={stopped.reload} onAction={reload} />
}
