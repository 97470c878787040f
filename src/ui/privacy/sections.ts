/**
 * The sections of `#/privacy`, from top to bottom. One is a component without props: a `Section` around what it shows,
 * with words of its own in `ui/words/<name>-words.ts`.
 */
import type { Component } from 'svelte';
import AirlockSection from './AirlockSection.svelte';
import DataFlowSection from './DataFlowSection.svelte';
import LayersSection from './LayersSection.svelte';
import LeakSection from './LeakSection.svelte';
import LedgerSection from './LedgerSection.svelte';
import ReportSection from './ReportSection.svelte';
import StoresSection from './StoresSection.svelte';
import VerifySection from './VerifySection.svelte';

export const sections: readonly Component[] = [
  AirlockSection,
  LeakSection,
  LedgerSection,
  LayersSection,
  StoresSection,
  ReportSection,
  VerifySection,
  DataFlowSection,
];
