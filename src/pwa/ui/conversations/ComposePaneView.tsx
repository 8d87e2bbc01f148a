/** Beginning a discussion, and adding people to one, wired to the engine. */
import { useState } from "preact/hooks"
import type { AccountId, ChannelId } from "../../bridge/models.js"
import { useTask } from "../components/useTask.js"
import { useDirectorySearch } from "../directory/directorySearch.js"
import { openDirect } from "../directory/DirectoryPaneView.js"
import { words } from "../i18n/language.js"
import type { Page } from "../page.js"
import { goBack, replaceWith } from "../router.js"
import { NameGroupView, PickPeopleView, preparingText, type Chosen } from "./ComposeView.js"
import { knownPeople } from "./discussionModel.js"

type Step = "one" | "several" | "name"
const nobody: ReadonlySet<AccountId> = new Set()

export function ComposePaneView({ page, me }: { readonly page: Page; readonly me: AccountId }) {
  const { compose } = words()
  const search = useDirectorySearch(page)
  const task = useTask()
  const [step, setStep] = useState<Step>("one")
  const [chosen, setChosen] = useState<readonly Chosen[]>([])
  const createGroup = (name: string) =>
    task.run(async () => {
      const { channel } = await page.engine.ask("createGroup", { name, members: chosen.map(({ account }) => account) })
      replaceWith({ kind: "discussion", channel })
    })
  if (step === "name") {
    return <NameGroupView chosen={chosen} isWorking={task.isRunning} preparing={page.preparing.value} failure={task.failure} onBack={() => setStep("several")} onCreate={createGroup} />
  }
  const isGroup = step === "several"
  return (
    <PickPeopleView
      title={isGroup ? compose.groupTitle : compose.title}
      search={search}
      known={knownPeople(page.discussions.value ?? [], me)}
      me={me}
      present={nobody}
      chosen={isGroup ? chosen : null}
      isWorking={task.isRunning}
      failure={task.failure}
      onBack={isGroup ? () => setStep("one") : goBack}
      onPick={(professional, account) => {
        if (isGroup) setChosen([...chosen, { account, professional }])
        else task.run(() => openDirect(page, account))
      }}
      onDrop={(account) => setChosen(chosen.filter((one) => one.account !== account))}
      onGroup={isGroup ? null : () => setStep("several")}
      onNext={isGroup ? () => setStep("name") : null}
      nextLabel={compose.next}
    />
  )
}

export function AddPeoplePaneView({ page, me, channel }: { readonly page: Page; readonly me: AccountId; readonly channel: ChannelId }) {
  const { compose } = words()
  const search = useDirectorySearch(page)
  const task = useTask()
  const [chosen, setChosen] = useState<readonly Chosen[]>([])
  const [withPast, setWithPast] = useState(false)
  const summaries = page.discussions.value ?? []
  const members = summaries.find((summary) => summary.channel === channel)?.members ?? []
  const present = new Set(members.map((person) => person.account))
  const add = () =>
    task.run(async () => {
      await page.engine.ask("addMembers", { channel, members: chosen.map(({ account }) => account), withPast })
      goBack()
    })
  return (
    <PickPeopleView
      title={compose.addTitle}
      search={search}
      known={knownPeople(summaries, me).filter((person) => !present.has(person.account))}
      me={me}
      present={present}
      chosen={chosen}
      isWorking={task.isRunning}
      failure={task.failure}
      onBack={goBack}
      onPick={(professional, account) => setChosen([...chosen, { account, professional }])}
      onDrop={(account) => setChosen(chosen.filter((one) => one.account !== account))}
      onGroup={null}
      onNext={add}
      nextLabel={task.isRunning ? preparingText(page.preparing.value, compose.adding) : compose.add}
      option={
        <label class="check-line">
          <input type="checkbox" checked={withPast} onChange={(event) => setWithPast(event.currentTarget.checked)} />
          {compose.addWithPast}
        </label>
      }
    />
  )
}
