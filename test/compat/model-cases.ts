import { type Case, chat, response } from './case.ts'
import { ANSWER, SPEECH } from './services.ts'

/** Packages that stream a model's answer. */
export const MODELS: readonly Case[] = [
  chat('openai', 'openai', 'openai'),
  response('openai', 'openai-responses', { status: 'completed' }),
  chat('@anthropic-ai/sdk', 'anthropic', 'anthropic', { role: 'assistant' }),
  chat('@ai-sdk/openai', 'ai-openai', 'openai', { finishReason: 'stop' }),
  response('@ai-sdk/openai', 'ai-openai-responses', { finishReason: 'stop' }),
  chat('@ai-sdk/anthropic', 'ai-anthropic', 'anthropic', { finishReason: 'stop' }),
  chat('@ai-sdk/google', 'ai-google', 'gemini', { finishReason: 'stop' }),
  chat('@ai-sdk/mistral', 'ai-mistral', 'mistral', { finishReason: 'stop' }),
  chat('@ai-sdk/groq', 'ai-groq', 'groq', { finishReason: 'stop' }),
  chat('@ai-sdk/xai', 'ai-xai', 'xai', { finishReason: 'stop' }),
  chat('@ai-sdk/openai-compatible', 'ai-openai-compatible', 'own', { finishReason: 'stop' }),
  chat('@openrouter/ai-sdk-provider', 'ai-openrouter', 'openrouter', { finishReason: 'stop' }),
  chat('@langchain/openai', 'langchain', 'openai'),
  chat('@langchain/langgraph', 'langgraph', 'openai'),
  {
    ...chat('deep-chat', 'deep-chat', 'openai', { shown: ANSWER }),
    job: 'a chat answer shown by its element',
  },
  chat('@langchain/anthropic', 'langchain-anthropic', 'anthropic'),
  chat('@langchain/google-genai', 'langchain-google-genai', 'gemini'),
  chat('@huggingface/inference', 'huggingface', 'huggingface'),
  chat('@google/genai', 'google-genai', 'gemini'),
  chat('@google/generative-ai', 'google-generative-ai', 'gemini'),
  chat('@mistralai/mistralai', 'mistral', 'mistral'),
  chat('groq-sdk', 'groq', 'groq'),
  chat('cohere-ai', 'cohere', 'cohere'),
  chat('ollama', 'ollama', 'ollama'),
  {
    ...chat('@elevenlabs/elevenlabs-js', 'elevenlabs', 'elevenlabs'),
    job: 'speech, read as it comes',
    returns: { bytes: SPEECH.length },
  },
  chat('@microsoft/fetch-event-source', 'fetch-event-source', 'openai', { status: 200 }),
  chat('axios', 'axios-fetch', 'openai', { status: 200 }),
]
