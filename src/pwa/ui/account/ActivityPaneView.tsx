/** The account's activity, wired to the engine. */
import { useEffect, useState } from "preact/hooks"
import type { AccountEvent } from "../../bridge/models.js"
import { useTask } from "../components/useTask.js"
import type { Page } from "../page.js"
import { goBack, goTo, replaceWith } from "../router.js"
import { ActivityView } from "./ActivityView.js"

type Loaded = { readonly events: readonly AccountEvent[]; readonly before: number | null }

export function ActivityPaneView({ page, nowMs }: { readonly page: Page; readonly nowMs: number }) {
  const task = useTask()
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const load = async () => {
    const answer = await page.engine.ask("listEvents", { before: loaded?.before ?? null })
    setLoaded({ events: [...(loaded?.events ?? []), ...answer.events], before: answer.before })
  }
  useEffect(() => task.run(load), [])
  return (
    <ActivityView
      events={loaded?.events ?? null}
      hasOlder={loaded !== null && loaded.before !== null}
      isWorking={task.isRunning}
      failure={task.failure}
      nowMs={nowMs}
      onBack={goBack}
      onDevices={() => replaceWith({ kind: "devices" })}
      onTraces={() => goTo({ kind: "traces" })}
      onOlder={() => task.run(load)}
    />
  )
}
