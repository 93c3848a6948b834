import { ApiError } from '../../apis/api-error.ts';
import { CollectorError } from '../collector-error.ts';

/** Turns the failure of a request to an API into that of a collector. */
export async function asCollectorError<Result>(asked: Promise<Result>): Promise<Result> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new CollectorError(error.reason, error.message, { cause: error });
  }
}
