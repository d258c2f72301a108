// Made by "node scripts/list-presets.ts" from the files of this folder: do not edit.
import type { Preset } from '../model/preset.ts'
import { ANTHROPIC } from './anthropic.ts'
import { COHERE } from './cohere.ts'
import { DEEPSEEK } from './deepseek.ts'
import { FIREWORKS } from './fireworks.ts'
import { GEMINI } from './gemini.ts'
import { GROQ } from './groq.ts'
import { JAN } from './jan.ts'
import { MISTRAL } from './mistral.ts'
import { MODELSLAB } from './modelslab.ts'
import { OPENAI } from './openai.ts'
import { OPENAI_COMPATIBLE } from './openai-compatible.ts'
import { OPENROUTER } from './openrouter.ts'
import { PERPLEXITY } from './perplexity.ts'
import { TOGETHER } from './together.ts'
import { XAI } from './xai.ts'

/** The preset of every file of this folder that holds one, by file name. */
export const PRESET_FILES: readonly Preset[] = [
  ANTHROPIC,
  COHERE,
  DEEPSEEK,
  FIREWORKS,
  GEMINI,
  GROQ,
  JAN,
  MISTRAL,
  MODELSLAB,
  OPENAI,
  OPENAI_COMPATIBLE,
  OPENROUTER,
  PERPLEXITY,
  TOGETHER,
  XAI,
]
