import { runGenerator } from '@boost/generator';

runGenerator();
