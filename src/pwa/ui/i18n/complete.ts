/** Imported with the screens behind the lock, whose words it brings; and by every test, which reads them all. */
import { completeFrench } from "./fr.js"
import { behind } from "./fr/behind.js"

completeFrench(behind)
