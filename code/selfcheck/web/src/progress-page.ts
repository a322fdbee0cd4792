/** What the page with the reader's progress loads, and no other page. */

import { mountProgress } from "./ui/progress";

function mount(): void {
  const section = document.querySelector<HTMLElement>("section.selfcheck-progress");
  if (section && !section.querySelector(".sc-progress")) mountProgress(section);
}

if (document.readyState === "loading")
  document.addEventListener("DOMContentLoaded", mount);
else mount();
