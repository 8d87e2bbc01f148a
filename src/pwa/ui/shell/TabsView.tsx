import { IconView } from "../components/IconView.js"
import type { IconName } from "../components/icons.js"
import "../i18n/complete.js"
import { words } from "../i18n/language.js"
import type { Tab } from "../router.js"

const tabs: readonly (readonly [Tab, IconName])[] = [
  ["discussions", "discussions"],
  ["patients", "patients"],
  ["directory", "directory"],
  ["me", "me"],
]

type Props = { readonly current: Tab; readonly unread: number; readonly unopened: number; readonly onTab: (tab: Tab) => void }

/** At the bottom on a phone, at the side from 840 px. */
export function TabsView({ current, unread, unopened, onTab }: Props) {
  const text = words()
  const counts: Partial<Record<Tab, readonly [number, string]>> = {
    discussions: [unread, text.tabs.unread(unread)],
    patients: [unopened, text.patients.unopened(unopened)],
  }
  return (
    <nav class="tabs" aria-label={text.app.navigation}>
      {tabs.map(([tab, icon]) => (
        <button type="button" key={tab} class="tab" aria-current={tab === current ? "page" : undefined} onClick={() => onTab(tab)}>
          <span class="tab-icon">
            <IconView name={icon} />
            <CountView count={counts[tab]} />
          </span>
          {text.tabs[tab]}
        </button>
      ))}
    </nav>
  )
}

function CountView({ count }: { readonly count: readonly [number, string] | undefined }) {
  if (count === undefined || count[0] === 0) return null
  return (
    <span class="badge">
      <span aria-hidden="true">{count[0] > 99 ? "99+" : count[0]}</span>
      <span class="visually-hidden">{count[1]}</span>
    </span>
  )
}
