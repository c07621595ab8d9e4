// axios's way to send one JSON request over a channel. Its own way also knows redirects, proxies, compression and progress,
// and takes more processor time than the rest of a call: it is left to files and streams.

import { type Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from "axios";

const timedOut = "ECONNABORTED";

/** The answer, its body as text. Error: AxiosError, code ECONNABORTED where it did not come within `config.timeout` ms. */
export function exchangeJson(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
  return new Promise((resolve, reject) => {
    const text = config.data as string | undefined;
    const headers = { ...config.headers.toJSON(), ...sizeOf(text) } as Record<string, string | number>;
    const call = request({
      agent: config.httpAgent as Agent,
      method: config.method?.toUpperCase() ?? "GET",
      host: "agent",
      path: config.url ?? "/",
      headers,
    });
    const fail = (message: string, cause?: Error, code?: string): void => {
      clearTimeout(timer);
      const error = new AxiosError(message, code, config, call);
      reject(cause === undefined ? error : Object.assign(error, { cause }));
      call.destroy();
    };
    const late = `no answer within ${config.timeout ?? 0} ms`;
    const timer = config.timeout ? setTimeout(() => fail(late, undefined, timedOut), config.timeout) : undefined;
    call.once("response", (answer) => {
      readText(answer, config.maxContentLength ?? Number.POSITIVE_INFINITY).then(
        (data) => {
          clearTimeout(timer);
          resolve(responseOf(answer, { data, config, call }));
        },
        (error: Error) => fail(error.message, error),
      );
    });
    call.on("error", (error) => fail(error.message, error));
    call.end(text);
  });
}

function sizeOf(text: string | undefined): Record<string, number> {
  return text === undefined ? {} : { "content-length": Buffer.byteLength(text) };
}

function readText(answer: IncomingMessage, limitBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    answer.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes > limitBytes) answer.destroy(new Error(`the answer is larger than ${limitBytes} bytes`));
    });
    answer.once("end", () => resolve(Buffer.concat(chunks).toString()));
    answer.once("error", reject); // also where the connection ended in the middle of the answer
  });
}

function responseOf(
  answer: IncomingMessage,
  { data, config, call }: { data: string; config: InternalAxiosRequestConfig; call: ClientRequest },
): AxiosResponse {
  const { statusCode: status = 0, statusMessage: statusText = "" } = answer;
  return { data, status, statusText, headers: {}, config, request: call };
}
