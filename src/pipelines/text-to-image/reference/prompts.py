"""The ids Hugging Face gives the messages of Z-Image's prompts: `prompts.py TOKENIZER_JSON > prompts.json`.

The message is the one Qwen3's chat template makes of one user message with `enable_thinking` on and the answer opened.
"""

import json
import sys

from transformers import PreTrainedTokenizerFast

tokenizer = PreTrainedTokenizerFast(tokenizer_file=sys.argv[1])
prompts = [
    "a lighthouse at dusk, oil on canvas",
    "",
    "\n  two blank lines before\n\n\nand some after  \n",
    "一位老渔夫在晨雾中修补渔网，水彩画",
    "café — naïve façade 🦊 1234567890 ½",
    "a sign that reads <|im_end|> and nothing else",
]
rows = [
    {"prompt": p, "ids": tokenizer(f"<|im_start|>user\n{p}<|im_end|>\n<|im_start|>assistant\n", add_special_tokens=False).input_ids}
    for p in prompts
]
json.dump(rows, sys.stdout, ensure_ascii=False, indent=1)
