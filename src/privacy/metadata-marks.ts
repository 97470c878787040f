/**
 * Marks that say a picture was made or changed by a trained model. Terms: IPTC NewsCodes digitalsourcetype;
 * what generators write: the `parameters` text of Stable Diffusion interfaces, `prompt` and `workflow` of ComfyUI.
 */
import type { AiSource } from '../base/ai-source';
import type { Findings } from './metadata-findings';

const generators =
  /\b(stable diffusion|automatic1111|comfyui|invokeai|novelai|fooocus|midjourney|dall[·.\- ]?e\b|firefly|imagen|gemini|chatgpt|gpt-image|gpt-4o|openai|ideogram|leonardo\.ai|grok|flux\.\d|z-image|seedream|bing image creator|krea)/i;

/** Fields in which a program or its maker is named. */
const programFields =
  /^(Software|HostComputer|ImageEditingSoftware|OriginatingProgram|Credit|claim_generator|softwareAgent|.*:CreatorTool|.*:credit|Source)$/i;

/** Text fields that hold what a generator was told. */
const promptFields =
  /^(parameters|prompt|workflow|invokeai_metadata|invokeai_graph|sd-metadata|Dream|generation_data)$/;

/** One field of any standard: its name and the text in it. */
export function markText(name: string, value: string, findings: Findings): void {
  if (promptFields.test(name)) findings.mark('parameters', 'trainedAlgorithmicMedia', name);
  else if (/\bSteps: \d+, (Sampler|CFG scale)/.test(value)) {
    findings.mark('parameters', 'trainedAlgorithmicMedia', name);
  }
  if (programFields.test(name)) {
    const program = generators.exec(value)?.[0];
    if (program !== undefined) findings.mark('software', 'trainedAlgorithmicMedia', program);
  }
  markSource(value, findings);
}

/** Any text that may hold IPTC's term, written as a bare word or as the address that stands for it. */
export function markSource(text: string, findings: Findings): void {
  for (const source of ['trainedAlgorithmicMedia', 'compositeWithTrainedAlgorithmicMedia'] as const) {
    if (sourceTerm(source).test(text)) findings.mark('digital-source-type', source, source);
  }
}

function sourceTerm(source: AiSource): RegExp {
  return new RegExp(`(?<![A-Za-z])${source}(?![A-Za-z])`);
}
