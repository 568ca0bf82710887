// Makes the small tokenizers of this folder and cases.json, what an independent implementation says about them:
//   npm install --ignore-scripts @huggingface/tokenizers@0.2.0 && node make.mjs
import fs from "node:fs";
import { Tokenizer } from "@huggingface/tokenizers";

const corpus = `In the beginning was the word, and the word was with the reader; don't we'll they're.
The experts the router sends the tokens to are the experts that the tokens need: 123 of 1234 in 2024.
  if (x == 42) {\n    return "naïve café";\n  }\n\n中文字 中文字 the 日本語 😀😀 the emoji 😀`;

const special = (id, content) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true });

/** Byte-pair encoding, learned by counting: the words are arrays of symbols. */
function train(words, alphabet, count) {
  const vocab = new Map(alphabet.map((token, id) => [token, id]));
  const merges = [];
  while (merges.length < count) {
    const pairs = new Map();
    for (const word of words) {
      for (let i = 0; i + 1 < word.length; i++) {
        const pair = JSON.stringify([word[i], word[i + 1]]);
        pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
      }
    }

    const [best, times] = [...pairs].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? ["", 0];
    if (times < 2) {
      break;
    }

    const [left, right] = JSON.parse(best);
    merges.push([left, right]);
    if (!vocab.has(left + right)) {
      vocab.set(left + right, vocab.size);
    }

    for (const word of words) {
      for (let i = 0; i + 1 < word.length; i++) {
        if (word[i] === left && word[i + 1] === right) {
          word.splice(i, 2, left + right);
        }
      }
    }
  }

  return { vocab: Object.fromEntries(vocab), merges };
}

const printable = (b) => (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
let next = 0x100;
const byteAlphabet = Array.from({ length: 256 }, (_, b) => String.fromCodePoint(printable(b) ? b : next++));
const byteWords = corpus.match(/ ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+/gu).map((word) => [...Buffer.from(word)].map((b) => byteAlphabet[b]));
const byteLevel = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: [special(0, "<|end|>"), special(1, "<|bos|>")],
  normalizer: null,
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: {
    type: "TemplateProcessing",
    single: [{ SpecialToken: { id: "<|bos|>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
    pair: [],
    special_tokens: { "<|bos|>": { id: "<|bos|>", ids: [1], tokens: ["<|bos|>"] } },
  },
  decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: { type: "BPE", dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null,
    fuse_unk: false, byte_fallback: false, ignore_merges: false, ...train(byteWords, ["<|end|>", "<|bos|>", ...byteAlphabet], 90) },
};

const pieces = [("▁" + corpus.replaceAll(" ", "▁")).match(/▁+[^▁]*|[^▁]+/gu).map((word) => [...word])].flat();
const letters = [..."▁abcdefghijklmnopqrstuvwxyzITD.,;:'\"(){}=0123456789é中"];
const sentencePiece = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: [special(0, "<unk>"), special(1, "<s>"), special(2, "</s>")],
  normalizer: { type: "Sequence", normalizers: [{ type: "Prepend", prepend: "▁" }, { type: "Replace", pattern: { String: " " }, content: "▁" }] },
  pre_tokenizer: null,
  post_processor: {
    type: "TemplateProcessing",
    single: [{ SpecialToken: { id: "<s>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
    pair: [],
    special_tokens: { "<s>": { id: "<s>", ids: [1], tokens: ["<s>"] } },
  },
  decoder: {
    type: "Sequence",
    decoders: [{ type: "Replace", pattern: { String: "▁" }, content: " " }, { type: "ByteFallback" }, { type: "Fuse" }, { type: "Strip", content: " ", start: 1, stop: 0 }],
  },
  model: { type: "BPE", dropout: null, unk_token: "<unk>", continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: true, byte_fallback: true,
    ...train(pieces.map((word) => word.filter((letter) => letters.includes(letter))), ["<unk>", "<s>", "</s>",
      ...Array.from({ length: 256 }, (_, b) => `<0x${b.toString(16).toUpperCase().padStart(2, "0")}>`), ...letters], 60) },
};
sentencePiece.model.merges = sentencePiece.model.merges.map((pair) => pair.join(" "));

const split = (Regex) => ({ type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false });
const bytes = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false };
const sequence = (...pretokenizers) => ({ type: "Sequence", pretokenizers });
const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const cased = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]", lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";

// Each variant replaces keys of a base, so that the shapes of the real families are seen without their vocabularies.
const variants = [
  { name: "gpt2", base: "byte-level", parts: {} },
  { name: "qwen", base: "byte-level", parts: { normalizer: { type: "NFC" }, pre_tokenizer: sequence(split(
    `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`), bytes) } },
  { name: "deepseek", base: "byte-level", parts: { normalizer: { type: "Sequence", normalizers: [] }, pre_tokenizer: sequence(
    split("\\p{N}{1,3}"), split("[一-龥\u3040-ゟ゠-ヿ]+"),
    split("[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"), bytes) } },
  { name: "gpt-oss", base: "byte-level", model: { ignore_merges: true }, parts: { pre_tokenizer: sequence(split(
    `[^\\r\\n\\p{L}\\p{N}]?${cased}*${lower}+${contractions}?|[^\\r\\n\\p{L}\\p{N}]?${cased}+${lower}*${contractions}?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`), bytes) } },
  { name: "prefix-space", base: "byte-level", parts: { pre_tokenizer: { ...bytes, add_prefix_space: true, use_regex: true } } },
  { name: "lowercase-nfkc", base: "byte-level", parts: { normalizer: { type: "Sequence", normalizers: [{ type: "NFKC" }, { type: "Lowercase" }] } } },
  { name: "strip-nfd", base: "byte-level", parts: { normalizer: { type: "Sequence", normalizers: [{ type: "Strip", strip_left: true, strip_right: true }, { type: "NFD" }, { type: "StripAccents" }] } } },
  { name: "llama2", base: "sentencepiece", parts: {} },
  { name: "metaspace-always", base: "sentencepiece", parts: { normalizer: null, pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: false } } },
  { name: "metaspace-first", base: "sentencepiece", parts: { normalizer: null, pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "first", split: false } } },
  { name: "metaspace-never", base: "sentencepiece", parts: { normalizer: null, pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "never", split: false } } },
];

const texts = ["Hello, world!", "", " ", "the experts the router sends the tokens to", "In the beginning  was   the word\n\n\tdon't WE'LL they'Re",
  "  leading and trailing  ", "line\r\nline\rline\n \n  x", "1 12 123 1234 12345 3.14", "naïve café e\u0301 A\u030A ﬁ ½ Ⅷ ²", "ΟΔΟΣ οδοσ Ωμέγα",
  "中文字 日本語ひらがなカタカナ 한국어 각", "emoji 😀 👩‍👩‍👧‍👦 🏳️‍🌈 🇸🇪 ok", "astral 𝐀𝐛𝟏 𐐀𐐨 𠀀 end", "नमस्ते ไทย עברית العربية",
  "nbsp\u00a0ideographic\u3000line\u2028nel\u0085zwsp\u200bend", "\u0000\u0001\u007f\ufeff\ufffd", "<s>the</s> <|bos|>the<|end|>", "▁the ▁ Ġthe <0x0A>",
  "if (x == 42) {\n    return \"café\";\n}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!!!!!!!!!!!!!!!!                "];

const bases = { "byte-level": byteLevel, sentencepiece: sentencePiece };
for (const [name, tokenizer] of Object.entries(bases)) {
  fs.writeFileSync(`${name}.json`, JSON.stringify(tokenizer) + "\n");
}

const cases = variants.map(({ name, base, parts, model }) => {
  const json = { ...bases[base], ...parts, model: { ...bases[base].model, ...model } };
  const tokenizer = new Tokenizer(structuredClone(json), { clean_up_tokenization_spaces: false });
  // JavaScript lowercases a final sigma by the word around it; the reference takes each character by itself.
  const known = (texts) => texts.filter((text) => name !== "lowercase-nfkc" || !text.includes("Σ"));
  const decode = (ids, skip_special_tokens) => ids.length === 0 ? "" : tokenizer.decode(ids, { skip_special_tokens });
  return { name, base, parts, model: model ?? {}, cases: known(texts).map((text) => {
    const ids = tokenizer.encode(text, { add_special_tokens: false }).ids;
    const ids_special = tokenizer.encode(text).ids;
    return { text, ids, ids_special, decoded: decode(ids, false), decoded_skipped: decode(ids_special, true) };
  }) };
});
fs.writeFileSync("cases.json", "[\n" + cases.map((variant) => JSON.stringify(variant)).join(",\n") + "\n]\n");
